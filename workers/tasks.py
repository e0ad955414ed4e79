"""Every task: its name, its policy, one call. The rules live below; each may run twice, and none is missed if lost."""

from uuid import UUID

from celery.signals import celeryd_init, setup_logging

from service import jobs, logs, resolver, templates
from service.jobs import Job
from service.models import Lane
from workers import announce as announcing
from workers import digests as making_digests
from workers import importing, prefetch, pulse
from workers import look_up as looking_up
from workers import tick as ticking
from workers.inbound import sort as sorting
from workers.schedule import SCHEDULE
from workers.sending import account_mails, fan_out, process
from workers.sending import plan as planning

SORTED_IN_ONE_GO = 500
DISPATCH_LIMIT = 1200

app = jobs.app()
app.conf.beat_schedule = SCHEDULE
app.steps["consumer"].add(pulse.Pulse)
prefetch.count_rightly()


@setup_logging.connect
def _configure_logs(**_: object) -> None:
    logs.configure()


@celeryd_init.connect
def _check_templates(**_: object) -> None:
    templates.require()


@app.task(name=Job.TICK)
def tick() -> None:
    """Look for due work."""
    ticking.tick()


@app.task(name=Job.PLAN)
def plan(wave_id: str) -> None:
    """Write a wave's rows, then ring for its chunks."""
    if planning.plan(UUID(wave_id)):
        fan_out.ring_due()


# After the final dot a relay may take ten minutes to answer (RFC 5321, 4.5.3.2.6), and killing us then makes doubles.
@app.task(name=Job.DISPATCH, soft_time_limit=DISPATCH_LIMIT, time_limit=DISPATCH_LIMIT + 60)
def dispatch(chunk_id: int, lane: str = Lane.RELEASE) -> None:
    """Send what is due in a chunk; if there is more to do in it within a minute, ring again for then."""
    seconds = process.dispatch(chunk_id)
    if seconds is not None and seconds <= jobs.LONGEST_COUNTDOWN:
        jobs.ring_all(Job.DISPATCH, [(chunk_id, lane)], countdown=seconds, queue=fan_out.QUEUES[Lane(lane)])


@app.task(name=Job.ACCOUNT_MAIL, soft_time_limit=account_mails.LIMIT, time_limit=account_mails.LIMIT + 60)
def account_mail() -> None:
    """Send the account mail that is due."""
    process.send_account_mails()


@app.task(name=Job.ANNOUNCE)
def announce() -> None:
    """Tell hubs and webhooks what has become public; if there is more than one go of it, ring again."""
    if announcing.announce():
        jobs.ring_all(Job.ANNOUNCE, [()])


@app.task(name=Job.DIGEST)
def digest(sender_id: str) -> None:
    """Make a newsroom's digests that are due."""
    making_digests.make(UUID(sender_id))


@app.task(name=Job.IMPORT)
def import_(file_id: str) -> None:
    """Check or import a file of journalists; if there is more than one go of it, ring again."""
    if importing.work(UUID(file_id)):
        jobs.ring_all(Job.IMPORT, [(file_id,)])


@app.task(name=Job.SORT)
def sort() -> None:
    """Read and apply what came back; if there was more than one go of it, ring again."""
    if sorting.sort_new(SORTED_IN_ONE_GO) == SORTED_IN_ONE_GO:
        jobs.ring_all(Job.SORT, [()])


@app.task(name=Job.LOOK_UP)
def look_up() -> None:
    """Find out who takes the mail of new domains, and which dead ones are still dead; if there are more, ring again."""
    looking_up.look_again(resolver.given())
    if looking_up.look_up(resolver.given()) == looking_up.IN_ONE_GO:
        jobs.ring_all(Job.LOOK_UP, [()])
