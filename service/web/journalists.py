"""The journalists of a newsroom: the list of them, one added by hand, several acted on, and the list as a file."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from service import accounts, addresses, audiences, audit, journalists, senders, subscriptions, topics
from service.errors import NotFound, Refused
from service.journalists import codes, listing
from service.journalists.listing import Line, Order
from service.journalists.narrowing import State, Wanted
from service.models import Role, Sender
from service.web import journalist_words as said
from service.web import lists, rights, spreadsheets, words
from service.web.database import transaction

bp = Blueprint("journalists", __name__)

Page = AnyResponse | tuple[str, int] | str
ROLES = (Role.JOURNALISTS, Role.ADMINISTER)
MOST_CHOSEN = 500
HEADER = ("name", "address", "outlet", "beat", "country", "language", "tier", "topics", "state", "known since")


def looked_after(session: Session) -> list[Sender]:
    """The newsrooms whose journalists she looks after, by name. Raises accounts.NotAllowed when there are none."""
    theirs = rights.looked_after(rights.account(session), ROLES)
    found = [sender for sender in senders.all(session) if sender.id in theirs]
    if not found:
        raise accounts.NotAllowed(Role.JOURNALISTS)
    return found


def chosen_sender(session: Session) -> tuple[Sender, list[Sender]]:
    """The newsroom that the address or the form names, or her first; and all of hers. Raises NotFound."""
    mine = looked_after(session)
    named = request.values.get("newsroom", "")
    for sender in mine:
        if named in ("", sender.slug):
            return sender, mine
    raise NotFound("There is no such newsroom.")


@bp.get("/journalists")
def index() -> str:
    """Those that fit, fifty at a time."""
    wanted, order, number = _wanted(), lists.one_of("sort", Order) or Order.NAME, lists.page_number()
    with transaction() as session:
        sender, mine = chosen_sender(session)
        skip = (number - 1) * lists.SIZE
        found = listing.people(session, sender, wanted, order=order, skip=skip, limit=lists.SIZE)
        spoken, places = codes.spoken(session, sender)
        return render_template(
            "journalists/index.html",
            **_about(sender, mine),
            people=found.lines,
            pages=lists.Pages(number, min(found.total, listing.COUNTED)),
            is_more=found.total > listing.COUNTED,
            counted=listing.COUNTED,
            wanted=wanted,
            order=order,
            narrowed=wanted != Wanted(),
            topics=(found_topics := topics.all(session, sender)),
            topic_choices=[(str(topic.id), topic.name) for topic in found_topics],
            order_choices=[(one.value, said.ORDERS[one]) for one in Order if one is not Order.NAME],
            file_address=_file_address,
            languages=words.named(spoken),
            countries=[(code, said.country(code)) for code in places],
            outlets=codes.outlets(session, sender),
            country=said.country,
        )


@bp.get("/journalists.<any(csv, xlsx):kind>")
def export(kind: str) -> str:
    """A page that says what the file will hold: that it was taken is written down."""
    wanted = _wanted()
    with transaction() as session:
        sender, mine = chosen_sender(session)
        total = listing.people(session, sender, wanted, limit=1).total
        about = _about(sender, mine)
        return render_template("journalists/export.html", **about, kind=kind, total=total, most=listing.COUNTED)


@bp.post("/journalists.<any(csv, xlsx):kind>")
def download(kind: str) -> Response:
    """The list for a spreadsheet, as narrowed by the address."""
    wanted = _wanted()
    with transaction() as session:
        sender, _ = chosen_sender(session)
        rows = [HEADER, *_cells(listing.everyone(session, sender, wanted))]
        by = rights.account(session)
        audit.write(session, "journalists exported", account=by, sender=sender.slug, number=len(rows) - 1, kind=kind)
    return spreadsheets.answer(kind, f"journalists-{sender.slug}", rows)


@bp.get("/journalists/add")
def ask_to_add() -> str:
    """One person by hand."""
    with transaction() as session:
        sender, mine = chosen_sender(session)
        return _form(session, sender, mine, {})


@bp.post("/journalists/add")
def add() -> Page:
    """Take somebody in, on the grounds that are given."""
    form, faults = request.form, {}
    with transaction() as session:
        sender, mine = chosen_sender(session)
        try:
            named = topics.by_slugs(session, sender, form.getlist("topics"))
            with session.begin_nested():
                person = journalists.take_in(
                    session,
                    sender,
                    form.get("address", ""),
                    particulars(),
                    named,
                    legal_basis=form.get("legal_basis", ""),
                    by=rights.account(session),
                )
        except journalists.NoLegalBasis as fault:
            faults["legal_basis"] = words.refusal(fault)
        except (addresses.BadAddress, journalists.AlreadyKnown, journalists.Erased, subscriptions.Left) as fault:
            faults["address"] = words.refusal(fault)
        except (journalists.BadParticular, journalists.NameTooLong, journalists.UnknownZone) as fault:
            faults |= fault_of(fault)
        except topics.UnknownTopics as fault:
            faults["topics"] = words.refusal(fault)
        if faults:
            return _form(session, sender, mine, faults), 422
    flash(gettext("Added."))
    return redirect(url_for("journalist.show", id_=person.id))


@bp.post("/journalists/chosen")
def chosen() -> Page:
    """The people ticked in the list: a page that asks what to subscribe them to, and on what grounds."""
    with transaction() as session:
        sender, mine = chosen_sender(session)
        people = listing.named(session, sender, _ticked())
        if not people:
            flash(gettext("Nobody was ticked."))
            return redirect(url_for("journalists.index", newsroom=sender.slug))
        return _question(session, sender, mine, people, {})


@bp.post("/journalists/list")
def put_on_list() -> Page:
    """Put those ticked on a list, which by itself lets them get nothing."""
    with transaction() as session:
        sender, _ = chosen_sender(session)
        people = [one.id for one in listing.named(session, sender, _ticked())]
        which = audiences.lists.get(session, lists.id_in(request.form.get("list", "")), senders=[sender.id])
        added = audiences.lists.put(session, which, people, by=rights.account(session))
    flash(gettext("%(people)s put on the list “%(name)s”.", people=words.people(added), name=which.name))
    return redirect(url_for("journalists.index", newsroom=sender.slug))


@bp.post("/journalists/subscribe")
def subscribe() -> Page:
    """Subscribe them, save whoever said no."""
    with transaction() as session:
        sender, mine = chosen_sender(session)
        people = listing.named(session, sender, _ticked())
        try:
            [topic] = topics.by_slugs(session, sender, [request.form.get("topic", "")])
            told = journalists.subscribe(
                session,
                sender,
                [one.id for one in people],
                topic,
                legal_basis=request.form.get("legal_basis", ""),
                by=rights.account(session),
            )
        except journalists.NoLegalBasis as fault:
            return _question(session, sender, mine, people, {"legal_basis": words.refusal(fault)}), 422
        except topics.UnknownTopics as fault:
            return _question(session, sender, mine, people, {"topic": words.refusal(fault)}), 422
    flash(gettext("%(people)s subscribed to %(topic)s.", people=words.people(told.begun), topic=topic.name))
    if told.left_out:
        flash(
            gettext(
                "%(people)s left as they were: known to it already, or they once said no.",
                people=words.people(told.left_out),
            )
        )
    return redirect(url_for("journalists.index", newsroom=sender.slug))


class Unreadable(Refused):
    """A form that none of our pages sends."""

    def __init__(self) -> None:
        super().__init__("This form could not be read. Go back, reload the page and try again.")


def particulars() -> journalists.Particulars:
    """What a form says of a person."""
    form = request.form
    tier = form.get("tier", "2")
    names = ("name", "outlet", "beat", "country", "language", "zone")
    given = {name: form[name] for name in names if name in form}
    return journalists.Particulars(**given, tier=int(tier) if tier in ("1", "2", "3") else 0)


def fault_of(fault: Refused) -> dict[str, str]:
    """The field of a form that a refusal is about."""
    if isinstance(fault, journalists.BadParticular):
        return {fault.field: words.refusal(fault)}
    return {"name" if isinstance(fault, journalists.NameTooLong) else "zone": words.refusal(fault)}


def choices(kept: str = "") -> dict[str, Any]:
    """What forms about a person choose from; the language that is kept is among them."""
    spoken = dict.fromkeys((*journalists.LANGUAGES, *([kept] if kept else [])))
    zones = [(name, name) for name in sorted(journalists.choosing.zones())]
    return {"languages": words.named(spoken), "countries": said.countries(), "zones": zones}


def _file_address(kind: str) -> str:
    """The address of the list as a file, narrowed as it is here."""
    return url_for("journalists.export", **{**lists.carried(), "kind": kind})


def _about(sender: Sender, mine: list[Sender]) -> dict[str, Any]:
    return {"sender": sender, "senders": mine, "states": said.STATES}


def _form(session: Session, sender: Sender, mine: list[Sender], faults: dict[str, str]) -> str:
    kept = {
        name: request.form.get(name, "") for name in ("address", "name", "outlet", "beat", "country", "legal_basis")
    }
    kept |= {"language": request.form.get("language", "en"), "zone": request.form.get("zone", "UTC")}
    return render_template(
        "journalists/add.html",
        **_about(sender, mine),
        **choices(),
        kept=kept | {"tier": request.form.get("tier", "2"), "topics": request.form.getlist("topics")},
        topics=(found := topics.all(session, sender)),
        topic_choices=[(topic.slug, topic.name) for topic in found],
        outlets=codes.outlets(session, sender),
        faults=faults,
    )


def _question(session: Session, sender: Sender, mine: list[Sender], people: list[Line], faults: dict[str, str]) -> str:
    return render_template(
        "journalists/chosen.html",
        **_about(sender, mine),
        people=people,
        topics=[(topic.slug, topic.name) for topic in topics.all(session, sender)],
        press_lists=_lists_kept(session, sender),
        kept={name: request.form.get(name, "") for name in ("topic", "legal_basis")},
        faults=faults,
    )


def _lists_kept(session: Session, sender: Sender) -> list[tuple[str, str]]:
    """The lists she may put people on: who only administers the newsroom keeps none."""
    by = rights.account(session)
    if not any(accounts.may(by, sender.id, role) for role in audiences.names.KEEPERS):
        return []
    return [(str(one.list.id), one.list.name) for one in audiences.lists.all(session, [sender.id])]


def _ticked() -> list[UUID]:
    try:
        return [UUID(value) for value in request.form.getlist("who")[:MOST_CHOSEN]]
    except ValueError:
        raise Unreadable from None


def _wanted() -> Wanted:
    return Wanted(
        words=lists.words(),
        topic=lists.id_of("topic"),
        language=lists.words("language")[:8],
        country=lists.words("country")[:2],
        outlet=lists.words("outlet"),
        tier=lists.number("tier", 1, 3),
        state=lists.one_of("state", State),
    )


def _cells(people: Iterator[Line]) -> Iterator[tuple[object, ...]]:
    for one in people:
        place = (one.name, one.address, one.outlet, one.beat, one.country, one.language, str(one.tier))
        yield (*place, "; ".join(one.topics), str(said.STATES[one.state]), one.since.date().isoformat())
