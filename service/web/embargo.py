"""Reading under embargo by a personal link. Only pressing the button opens it, and each time is on record."""

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from service.newsroom import embargo, kit, places
from service.newsroom.embargo import NoLongerOpen, Visit
from service.newsroom.formats import calendar
from service.web import answers, pages
from service.web.database import transaction
from service.web.press_kit import written

bp = Blueprint("embargo", __name__)

ACCEPT = "accept"


@bp.after_request
def _tell_nobody(response: AnyResponse) -> AnyResponse:
    response.headers["Referrer-Policy"] = "no-referrer"  # the address holds the token
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/embargo/<token>")
def ask(token: str) -> AnyResponse | str:
    """What is asked of her, and until when; not one word of the release. Once it is public, the release itself."""
    with transaction() as session:
        visit = embargo.visit(session, token)
    if visit.is_public:
        return redirect(places.story(visit.story))
    return pages.plain("embargo/ask.html", visit=visit, token=token)


@bp.post("/embargo/<token>")
def read(token: str) -> AnyResponse | str | tuple[str, int]:
    """She accepts the embargo and reads."""
    with transaction() as session:
        visit = embargo.visit(session, token, _language())
        if visit.is_public:
            return redirect(places.story(visit.story), 303)
        if request.form.get("embargo") != ACCEPT:
            return pages.plain("embargo/ask.html", visit=visit, token=token), 422
        embargo.accept(session, visit)
    return pages.plain("embargo/read.html", visit=visit, story=visit.story, token=token)


@bp.get("/embargo/<token>/<language:language>/release.<any(txt, docx, pdf):form>")
def form(token: str, language: str, form: str) -> AnyResponse:
    """The text to take away, once she has accepted."""
    return written(_accepted(token, language).story, form, embargoed=True)


@bp.get("/embargo/<token>/embargo.ics")
def end(token: str) -> AnyResponse:
    """The end of the embargo for her calendar, once she has accepted."""
    visit = _accepted(token)
    if visit.until is None:
        raise NoLongerOpen
    content = calendar.write(visit.story, visit.until)
    return answers.saved_as(Response(content, content_type="text/calendar; charset=utf-8"), "embargo.ics")


@bp.get("/embargo/<token>/files/<key:key>")
def file(token: str, key: str) -> AnyResponse:
    """A file of the press kit, once she has accepted."""
    visit = _accepted(token)
    with transaction() as session:
        found = kit.file(session, visit.release_id, key)
    return answers.saved_as(answers.kept(found.content, found.type), found.name)


@bp.get("/embargo/<token>/previews/<key:key>")
def preview(token: str, key: str) -> AnyResponse:
    """A picture of it, once she has accepted."""
    visit = _accepted(token)
    with transaction() as session:
        found = kit.file(session, visit.release_id, key, preview=True)
    return answers.kept(found.content, found.type)


def _accepted(token: str, language: str = "") -> Visit:
    with transaction() as session:
        visit = embargo.visit(session, token, language)
    if not visit.has_accepted:
        raise NoLongerOpen
    return visit


def _language() -> str:
    return request.form.get("language", "")[:20]
