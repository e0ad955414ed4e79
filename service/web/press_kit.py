"""What is taken away from a release: text, Word and PDF, its pictures and files, all of them in one."""

from collections.abc import Callable

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.newsroom import kit, reading
from service.newsroom.formats import pdf, text, word
from service.newsroom.story import Story
from service.web import answers
from service.web.database import transaction
from service.web.newsroom import gone

bp = Blueprint("press_kit", __name__)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS: dict[str, tuple[Callable[..., str | bytes], str]] = {
    "txt": (text.write, "text/plain; charset=utf-8"),
    "docx": (word.write, WORD),
    "pdf": (pdf.write, "application/pdf"),
}
A_RELEASE = "/newsroom/<slug:newsroom>/releases/<slug:slug>"


@bp.get(f"{A_RELEASE}/<language:language>/release.<any(txt, docx, pdf):form>")
def form(newsroom: str, slug: str, language: str, form: str) -> Response:
    """An edition as a file: to copy from, to print, to keep."""
    with transaction() as session:
        story = reading.story(session, newsroom, slug, language)
    return gone(story) if story.withdrawn else written(story, form, embargoed=False)


def written(story: Story, form: str, *, embargoed: bool) -> Response:
    """The story in this form."""
    write, content_type = FORMS[form]
    response = answers.kept(write(story, embargoed=embargoed), content_type, story.changed_at)
    return response if form == "txt" else answers.saved_as(response, f"{story.slug}-{story.language}.{form}")


@bp.get(f"{A_RELEASE}/files/<key:key>/<name>")
def file(newsroom: str, slug: str, key: str, name: str) -> Response:  # noqa: ARG001 - the name is for the reader's eye
    """A file of the press kit, to keep."""
    with transaction() as session:
        found = kit.public_file(session, newsroom, slug, key)
    return answers.saved_as(answers.kept(found.content, found.type), found.name)


@bp.get("/newsroom/<slug:newsroom>/files/<key:key>")
def mailed_file(newsroom: str, key: str) -> Response:
    """A file by the address that stands in mails."""
    with transaction() as session:
        found = kit.mailed_file(session, newsroom, key)
    return answers.saved_as(answers.kept(found.content, found.type), found.name)


@bp.get(f"{A_RELEASE}/previews/<key:key>.webp")
def preview(newsroom: str, slug: str, key: str) -> Response:
    """A picture of it as the page shows it."""
    with transaction() as session:
        found = kit.public_file(session, newsroom, slug, key, preview=True)
    return answers.kept(found.content, found.type)


@bp.get(f"{A_RELEASE}/press-kit.zip")
def everything(newsroom: str, slug: str) -> Response:
    """The whole press kit in one file."""
    with transaction() as session:
        story = reading.story(session, newsroom, slug)
        if story.withdrawn:
            return gone(story)
        packed = kit.zipped(session, story.release_id, text.write(story))
    return answers.saved_as(answers.kept(packed, "application/zip", story.changed_at), f"{slug}.zip")


@bp.post(f"{A_RELEASE}/downloads")
def download(newsroom: str, slug: str) -> AnyResponse:
    """Count one download and lead to it: a number goes up, nothing is known of whose. GET counts nothing."""
    key = request.form.get("file", "")
    with transaction() as session:
        story = reading.story(session, newsroom, slug)
        wanted = next((file for file in story.files if file.key == key), None)
        if story.withdrawn:
            return gone(story)
        kit.count(session, story.release_id, wanted.key if wanted else kit.KIT)
    if wanted is None:
        return redirect(url_for("press_kit.everything", newsroom=newsroom, slug=slug), 303)
    place = url_for("press_kit.file", newsroom=newsroom, slug=slug, key=wanted.key, name=wanted.name)
    return redirect(place, 303)
