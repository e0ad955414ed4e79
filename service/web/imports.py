"""Journalists from a file, step by step: given, its columns chosen, checked in numbers, imported by a job, undone."""

from time import perf_counter
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from service import imports, journalists, senders, topics
from service.imports import files, remarks, running, undoing
from service.imports.columns import COLUMNS
from service.imports.sheet import DELIMITERS
from service.models import ImportFile, ImportState, Sender, Verdict
from service.web import journalist_words as said
from service.web import polling, rights, spreadsheets, words
from service.web.database import transaction
from service.web.journalists import chosen_sender, looked_after

bp = Blueprint("imports", __name__)

Page = AnyResponse | tuple[str, int] | str

AT_ONCE = 2_000
"""Rows that are checked while one waits; more are left to the job."""
TEMPLATE = (
    ("email", "name", "outlet", "country", "language", "topics", "beat", "tier"),
    ("cleo@daily.example", "Cleo Lindqvist", "The Daily Example", "KZ", "en", "", "energy", "1"),
)


@bp.get("/journalists/import")
def index() -> str:
    """A file to give, and those that were given before."""
    with transaction() as session:
        return _start(session, {})


@bp.post("/journalists/import")
def give() -> Page:
    """Read a file; nobody is imported by that."""
    given = request.files.get("file")
    with transaction() as session:
        sender, _ = chosen_sender(session)
        if given is None or not given.filename:
            return _start(session, {"file": gettext("Choose a file.")}), 422
        try:
            file = files.give(session, sender, given.filename, given.read(), by=rights.account(session))
        except (imports.UnreadableFile, imports.BadTable) as fault:
            return _start(session, {"file": words.refusal(fault)}), 422
        return redirect(url_for("imports.show", id_=file.id))


@bp.get("/journalists/import/template.csv")
def template() -> Response:
    """An empty list with one example."""
    return spreadsheets.answer("csv", "journalists", TEMPLATE)


@bp.get("/journalists/import/<uuid:id_>")
def show(id_: UUID) -> str:
    """How far a file has come, and what is to be decided about it now."""
    with transaction() as session:
        return _page(session, _file(session, id_), {})


@bp.get("/journalists/import/<uuid:id_>/columns")
def columns(id_: UUID) -> Page:
    """Its columns once more."""
    with transaction() as session:
        file = _file(session, id_)
        if file.state not in (ImportState.READ, ImportState.CHECKED):
            return redirect(url_for("imports.show", id_=id_))
        return _columns(session, file, {})


@bp.get("/journalists/import/<uuid:id_>/live")
def live(id_: UUID) -> str:
    """The part of its page that moves."""
    with transaction() as session:
        return render_template("imports/_live.html", **_progress(session, _file(session, id_)))


@bp.post("/journalists/import/<uuid:id_>/again")
def read_again(id_: UUID) -> Page:
    """Read it in another encoding, or parted otherwise."""
    encoding, delimiter = request.form.get("encoding", ""), request.form.get("delimiter", "")
    with transaction() as session:
        file = _file(session, id_)
        try:
            files.read_again(session, file, encoding=encoding, delimiter=delimiter)
        except (imports.UnreadableFile, imports.BadTable) as fault:
            return _columns(session, file, {"encoding": words.refusal(fault)}), 422
    return redirect(url_for("imports.show", id_=id_))


@bp.post("/journalists/import/<uuid:id_>/check")
def check(id_: UUID) -> Page:
    """Say which column is what and on what grounds; small files are checked at once."""
    form = request.form
    with transaction() as session:
        file = _file(session, id_)
        try:
            named = topics.by_slugs(session, senders.get(session, file.sender_id), form.getlist("subscribe_to"))
            mapping = {name: int(form[name]) for name in COLUMNS if form.get(name, "").isdecimal()}
            basis, updates = form.get("legal_basis", ""), form.get("updates") == "yes"
            files.choose(session, file, mapping, legal_basis=basis, topics=named, updates=updates)
        except files.NoColumns as fault:
            return _columns(session, file, {"email": words.refusal(fault)}), 422
        except topics.UnknownTopics as fault:
            return _columns(session, file, {"subscribe_to": words.refusal(fault)}), 422
        except journalists.NoLegalBasis as fault:
            return _columns(session, file, {"legal_basis": words.refusal(fault)}), 422
        while file.rows <= AT_ONCE and imports.step(session, file.id):
            pass
    return redirect(url_for("imports.show", id_=id_))


@bp.post("/journalists/import/<uuid:id_>/begin")
def begin(id_: UUID) -> AnyResponse:
    """Import it."""
    with transaction() as session:
        files.begin(session, _file(session, id_), by=rights.account(session))
    return redirect(url_for("imports.show", id_=id_))


@bp.post("/journalists/import/<uuid:id_>/drop")
def drop(id_: UUID) -> AnyResponse:
    """Forget it."""
    with transaction() as session:
        files.drop(session, _file(session, id_), by=rights.account(session))
    flash(gettext("Forgotten. Nobody was imported."))
    return redirect(url_for("imports.index"))


@bp.post("/journalists/import/<uuid:id_>/remarks.<any(csv, xlsx):kind>")
def download(id_: UUID, kind: str) -> Response:
    """The rows that were left out, with the remarks beside their cells."""
    with transaction() as session:
        file = _file(session, id_)
        rows = list(remarks.lines(session, file))
    return spreadsheets.answer(kind, "left-out", rows)


@bp.get("/journalists/import/<uuid:id_>/undo")
def ask_to_undo(id_: UUID) -> str:
    """A page that says what would go and what stays."""
    with transaction() as session:
        file = _file(session, id_)
        return render_template("imports/undo.html", file=file, told=undoing.undoable(session, file))


@bp.post("/journalists/import/<uuid:id_>/undo")
def undo(id_: UUID) -> AnyResponse:
    """Take back what it added and nobody used."""
    with transaction() as session:
        told = undoing.undo(session, _file(session, id_), by=rights.account(session))
    flash(gettext("Undone: %(people)s removed.", people=words.people(told.people)))
    return redirect(url_for("imports.show", id_=id_))


def _file(session: Session, id_: UUID) -> ImportFile:
    return files.get(session, id_, senders={sender.id for sender in looked_after(session)})


def _start(session: Session, faults: dict[str, str]) -> str:
    sender, mine = chosen_sender(session)
    return render_template(
        "imports/index.html",
        sender=sender,
        senders=mine,
        names={each.id: each.name for each in mine},
        found=files.lately(session, [each.id for each in mine]),
        states=said.IMPORTS,
        kept_days=files.KEPT_DAYS,
        faults=faults,
    )


def _page(session: Session, file: ImportFile, faults: dict[str, str]) -> str:
    if file.state is ImportState.READ:
        return _columns(session, file, faults)
    about = _progress(session, file)
    left_out = file.numbers and any(file.numbers.get(one) for one in running.LEFT_OUT)
    return render_template(
        "imports/show.html",
        **about,
        remarks=remarks.first(session, file) if left_out else [],
        shown=remarks.SHOWN,
        columns=said.COLUMNS,
        kept_days=files.KEPT_DAYS,
        undone_within=files.UNDONE_WITHIN_DAYS,
    )


def _progress(session: Session, file: ImportFile) -> dict[str, Any]:
    began = perf_counter()
    moving = file.state in (ImportState.CHECKING, ImportState.IMPORTING)
    counted = running.numbers(session, file) if moving else file.numbers
    # Numbers of rows and rows that are empty: the cursor may be above how many there are.
    done = min(max(file.cursor, 0), file.rows)
    return {
        "file": file,
        "sender": session.get_one(Sender, file.sender_id),
        "state": file.state,
        "states": said.IMPORTS,
        "done": done,
        "numbers": counted,
        "verdicts": said.VERDICTS,
        "Verdict": Verdict,
        "left_out": sum(counted.get(one, 0) for one in running.LEFT_OUT),
        **polling.again(perf_counter() - began, moving=moving),
    }


def _columns(session: Session, file: ImportFile, faults: dict[str, str]) -> str:
    sender = session.get_one(Sender, file.sender_id)
    form = request.form
    mapping = {name: int(form[name]) for name in COLUMNS if form.get(name, "").isdecimal()} if faults else file.mapping
    return render_template(
        "imports/columns.html",
        file=file,
        sender=sender,
        header=list(enumerate(file.preview["header"])),
        column_choices=[
            (str(at), title or gettext("column %(number)s", number=at + 1))
            for at, title in enumerate(file.preview["header"])
        ],
        mapping=mapping,
        columns=said.COLUMNS,
        delimiters=DELIMITERS,
        encodings=said.ENCODINGS,
        topics=(found := topics.all(session, sender)),
        topic_choices=[(topic.slug, topic.name) for topic in found],
        chosen=form.getlist("subscribe_to"),
        basis=form.get("legal_basis", file.legal_basis),
        updates=form.get("updates") == "yes" or file.updates,
        faults=faults,
    )
