"""The story of a release between two people: asked for, approved by the second, scheduled, and undone in time."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Page, StorageState, expect
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from service import senders, topics
from service.models import Account, Role, Sender
from tests.browser.conftest import Open, Site
from tests.factories import Newsroom, make_release


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def draft(site: Site, script: bool) -> Iterator[UUID]:
    """A draft of its own for each run: what is approved once is approved."""
    engine = create_engine(site.database_url)
    with Session(engine) as session, session.begin():
        sender = senders.by_slug(session, site.office.newsroom)
        ada, ben = (_who(session, sender, role) for role in (Role.WRITE, Role.APPROVE))
        (topic,) = [one for one in topics.all(session, sender) if one.id == site.office.topic]
        room = Newsroom(sender, ada, ben, topic)
        release = make_release(session, room, headline=f"Dams are inspected, script {script}")
        session.flush()
        found = release.id
    yield found
    engine.dispose()


def _who(session: Session, sender: Sender, role: Role) -> Account:
    theirs = Account.rights.any(sender_id=sender.id, role=role)
    return session.scalars(select(Account).where(theirs)).all()[0]


def opened(open_page: Open, who: StorageState, script: bool) -> Page:
    return open_page(as_=who, java_script_enabled=script)


def test_a_second_person_approves_it_is_scheduled_and_undone(
    open_page: Open, ada: StorageState, ben: StorageState, draft: UUID, script: bool
) -> None:
    writer, approver = opened(open_page, ada, script), opened(open_page, ben, script)
    writer.goto(f"/releases/{draft}")
    writer.get_by_role("link", name="To its approval…").click()
    writer.get_by_label("A word to whoever approves").fill("The minister speaks at nine.")
    writer.get_by_role("button", name="Ask for approval").click()
    expect(writer.get_by_role("status")).to_contain_text("asked by mail")

    approver.goto("/")
    row = approver.get_by_role("listitem").filter(has_text=f"Dams are inspected, script {script}")
    expect(row).to_contain_text("The minister speaks at nine.")
    row.get_by_role("link", name="Read and decide").click()
    expect(approver.get_by_role("heading", name="The text, never approved before")).to_be_visible()
    approver.get_by_role("button", name="Approve this version").click()
    expect(approver.get_by_role("status")).to_contain_text("Approved.")

    writer.goto(f"/releases/{draft}")
    writer.get_by_role("link", name="Schedule it…").click()
    writer.get_by_label("Now", exact=True).check()
    writer.get_by_role("button", name="Look it over").click()
    expect(writer.get_by_text("Until then it can be taken back.")).to_be_visible()
    writer.get_by_role("button", name=re.compile(r"^Send \d+ e-mails$")).click()
    expect(writer.get_by_role("status")).to_contain_text("It leaves in one minute")
    writer.get_by_role("button", name="Undo the schedule").click()
    expect(writer.get_by_role("status")).to_contain_text("Taken back")
    expect(writer.get_by_role("link", name="Schedule it…")).to_be_visible()
