"""People from a file: the dry run tells the truth, and nobody who said no is brought back."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service import imports, journalists, subscriptions, suppressions, topics
from service.imports import NoLegalBasis, Report, Table, writing
from service.models import AuditEntry, Journalist, Subscription, SubscriptionState, SuppressionReason
from tests.factories import Newsroom, make_journalist, make_newsroom

BASIS = "Consent at the spring briefing"


def _table(*rows: str, header: str = "email,name,outlet,country,language,topics,beat,tier") -> Table:
    return imports.read("\n".join([header, *rows]).encode())


def _apply(session: Session, newsroom: Newsroom, table: Table) -> Report:
    """Apply, having seen that the dry run said the same."""
    told = imports.check(session, newsroom.sender, table)
    done = imports.apply(session, newsroom.sender, table, legal_basis=BASIS, by=newsroom.ada)
    assert done == told
    return done


def _counts(session: Session, newsroom: Newsroom) -> tuple[int | None, int | None]:
    people = select(func.count()).select_from(Journalist).where(Journalist.sender_id == newsroom.sender.id)
    asked = select(func.count()).select_from(Subscription).join(Journalist)
    return session.scalar(people), session.scalar(asked.where(Journalist.sender_id == newsroom.sender.id))


def test_a_row_becomes_a_subscribed_journalist_with_the_grounds_for_it(session: Session) -> None:
    newsroom = make_newsroom(session)
    table = _table('Ünal@DAILY.example,"Ünal\r\nBcc: x",Günlük,турция,Turkish,water,=cmd|calc,1')
    report = _apply(session, newsroom, table)
    assert (report.rows, report.new, report.subscriptions) == (1, 1, 1)
    found = journalists.by_address(session, newsroom.sender, "ünal@daily.example")
    assert (found.name, found.country, found.language) == ("Ünal Bcc: x", "TR", "tr")
    assert (found.beat, found.tier, found.zone, found.do_not_contact) == ("=cmd|calc", 1, "UTC", False)
    assert journalists.all(session, newsroom.sender, search="günlük") == [found]
    (subscription,) = subscriptions.of(session, found)
    assert subscription.state is SubscriptionState.CONFIRMED
    assert subscription.proof == {"how": "import", "legal_basis": BASIS, "file": table.digest}


def test_the_dry_run_says_what_is_then_done_and_the_books_balance(session: Session) -> None:
    newsroom = make_newsroom(session)
    topics.add(session, newsroom.sender, "energy", "Energy", names={"ru": "Энергетика"})
    make_journalist(session, newsroom, address="known@daily.example")
    make_journalist(session, newsroom, address="left@daily.example", subscribed=SubscriptionState.ENDED)
    make_journalist(session, newsroom, address="never@daily.example").do_not_contact = True
    suppressions.add(session, "bounced@daily.example", SuppressionReason.BOUNCE)
    before = _counts(session, newsroom)
    table = _table(
        "New@daily.example,New,Daily,KZ,ru,water;Энергетика,,",
        "new@DAILY.example,New again,Daily,KZ,ru,water,,",
        "known@daily.example,Known,,,,energy,,",
        "left@daily.example,Left,,,,Water|energy,,",
        "never@daily.example,Never,,,,energy,,",
        "bounced@daily.example,Bounced,,,,water,,",
        "no address,Nobody,,,,,,",
        "a@daily.example,Ann,,Atlantis,,,,",
        "b@daily.example,Bob,,,,gold,,",
        f"c@daily.example,{'x' * 201},,,,,,",
        "d@daily.example,Dan,,,,,,9",
    )
    assert _counts(session, newsroom) == before
    report = _apply(session, newsroom, table)
    assert report.rows == report.new + report.known + report.suppressed + report.repeated + report.invalid == 11
    assert (report.new, report.known, report.suppressed, report.repeated, report.invalid) == (1, 3, 1, 1, 5)
    assert (report.unsubscribed, report.subscriptions) == (2, 4)
    assert [(fault.row, fault.column) for fault in report.faults] == [
        (8, "email"),
        (9, "country"),
        (10, "topics"),
        (11, "name"),
        (12, "tier"),
    ]
    after = _counts(session, newsroom)
    assert after == ((before[0] or 0) + report.new, (before[1] or 0) + report.subscriptions)


def test_importing_twice_changes_nothing_the_second_time(session: Session) -> None:
    newsroom = make_newsroom(session)
    table = _table("cleo@daily.example,Cleo,Daily,KZ,ru,water,,")
    _apply(session, newsroom, table)
    counts = _counts(session, newsroom)
    again = _apply(session, newsroom, table)
    assert (again.new, again.known, again.subscriptions) == (0, 1, 0)
    assert _counts(session, newsroom) == counts


def test_whoever_unsubscribed_stays_so_however_often_they_are_imported(session: Session) -> None:
    newsroom = make_newsroom(session)
    table = _table("Cleo@daily.example,Cleo,,,,water,,", "dana@daily.example,Dana,,,,water,,")
    _apply(session, newsroom, table)
    cleo = journalists.by_address(session, newsroom.sender, "cleo@daily.example")
    subscriptions.end(session, cleo, newsroom.topic)
    report = _apply(session, newsroom, table)
    assert (report.known, report.unsubscribed, report.subscriptions) == (2, 1, 0)
    assert [each.state for each in subscriptions.of(session, cleo)] == [SubscriptionState.ENDED]


def test_an_import_confirms_nothing_that_waits_for_their_own_word(session: Session) -> None:
    newsroom = make_newsroom(session)
    cleo = make_journalist(session, newsroom, subscribed=SubscriptionState.PENDING)
    _apply(session, newsroom, _table(f"{cleo.address},Cleo,,,,water,,"))
    assert [each.state for each in subscriptions.of(session, cleo)] == [SubscriptionState.PENDING]


def test_who_left_everything_or_was_erased_is_not_imported_again(session: Session) -> None:
    newsroom = make_newsroom(session)
    energy = topics.add(session, newsroom.sender, "energy", "Energy")
    cleo = make_journalist(session, newsroom, address="cleo@daily.example")
    erin = make_journalist(session, newsroom, address="erin@daily.example")
    subscriptions.end_all(session, cleo)
    journalists.erase(session, erin)
    before = _counts(session, newsroom)
    report = _apply(session, newsroom, _table("Cleo@daily.example,,,,,energy,,", "ERIN@daily.example,,,,,energy,,"))
    assert (report.new, report.suppressed, report.subscriptions) == (0, 2, 0)
    assert _counts(session, newsroom) == before
    assert journalists.count(session, newsroom.sender, topic=energy) == 0


def test_another_senders_people_and_suppressions_are_not_ours(session: Session) -> None:
    ours, theirs = make_newsroom(session), make_newsroom(session)
    their_cleo = make_journalist(session, theirs, address="cleo@daily.example", subscribed=SubscriptionState.ENDED)
    suppressions.add(session, "cleo@daily.example", SuppressionReason.UNSUBSCRIBED, sender=theirs.sender)
    report = _apply(session, ours, _table("cleo@daily.example,Cleo,,,,water,,"))
    assert (report.new, report.subscriptions) == (1, 1)
    assert [each.topic_id for each in subscriptions.of(session, their_cleo)] == [theirs.topic.id]


def test_a_person_on_two_rows_gets_the_topics_of_both(session: Session) -> None:
    newsroom = make_newsroom(session)
    topics.add(session, newsroom.sender, "energy", "Energy")
    report = _apply(
        session, newsroom, _table("cleo@daily.example,Cleo,,,,water,,", "Cleo@daily.example,C.,,,,energy|water,,")
    )
    assert (report.new, report.repeated, report.subscriptions) == (1, 1, 2)


def test_who_says_no_while_the_file_is_read_is_not_subscribed(session: Session) -> None:
    newsroom = make_newsroom(session)
    cleo = make_journalist(session, newsroom, subscribed=None)
    cleo.do_not_contact = True
    session.flush()
    writing.subscriptions(session, newsroom.sender, [(cleo.address_canonical, newsroom.topic.id)], {"how": "import"})
    assert subscriptions.of(session, cleo) == []


def test_without_a_legal_basis_nobody_is_imported(session: Session) -> None:
    newsroom = make_newsroom(session)
    with pytest.raises(NoLegalBasis):
        imports.apply(session, newsroom.sender, _table("cleo@daily.example,,,,,,,"), legal_basis=" \n")
    assert _counts(session, newsroom) == (0, 0)


def test_an_import_is_remembered_without_any_address(session: Session) -> None:
    newsroom = make_newsroom(session)
    _apply(session, newsroom, _table("cleo@daily.example,Cleo,,,,water,,"))
    query = select(AuditEntry).where(AuditEntry.account_id == newsroom.ada.id)
    entry = session.scalars(query).one()
    assert (entry.act, entry.detail["new"], entry.detail["legal_basis"]) == ("journalists imported", 1, BASIS)
    assert "cleo" not in str(entry.detail)


def test_many_people_are_imported_in_batches(session: Session) -> None:
    newsroom = make_newsroom(session)
    table = _table(*(f"p{number}@daily.example,P {number},Daily,KZ,ru,water,," for number in range(10_500)))
    assert _apply(session, newsroom, table).new == 10_500
    assert _counts(session, newsroom) == (10_500, 10_500)
