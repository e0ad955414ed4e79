"""For whoever runs the service: is it alive, and can it work?"""

from flask import Blueprint

from service import db, migrations

bp = Blueprint("health", __name__)


@bp.get("/health")
def health() -> tuple[str, dict[str, str]]:
    """Alive: this process answers."""
    return "alive\n", {"Content-Type": "text/plain"}


@bp.get("/ready")
def ready() -> tuple[str, int, dict[str, str]]:
    """Ready: the database is there and has every migration."""
    behind = migrations.current(db.engine()) != migrations.head()
    plain = {"Content-Type": "text/plain"}
    return ("waiting for migrations\n", 503, plain) if behind else ("ready\n", 200, plain)
