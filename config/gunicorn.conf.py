"""How gunicorn runs the pages: `gunicorn -c config/gunicorn.conf.py "service.app:create_app()"`."""

from pathlib import Path

from service import logs
from service.settings import settings

bind = settings().web_listen
worker_class = "gthread"
workers = 2
threads = 8
timeout = 60
graceful_timeout = 30
keepalive = 5
# Below the length of any link of ours; tokens are 43 characters.
limit_request_line = 4094
limit_request_fields = 50
# Paths hold tokens: the application logs each request by its rule instead.
accesslog = None
control_socket_disable = True
# Heartbeats in memory: on a slow disk a worker would be taken for dead.
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes its own unlinked file there
worker_tmp_dir = str(SHARED_MEMORY) if SHARED_MEMORY.is_dir() else None


def post_worker_init(worker: object) -> None:  # noqa: ARG001 - gunicorn's signature
    """Each worker logs as every process of ours does."""
    logs.configure()
