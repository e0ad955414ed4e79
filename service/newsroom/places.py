"""The addresses of the newsroom: made here for feeds, the wire and mails, from our own base address and never Host."""

from urllib.parse import quote

from service.newsroom.story import File, Story
from service.settings import settings


def newsroom(slug: str) -> str:
    """The front page of a newsroom."""
    return f"{settings().base_url}/newsroom/{slug}/"


def release(newsroom_slug: str, slug: str) -> str:
    """A release in its first language: its permanent address."""
    return f"{newsroom(newsroom_slug)}releases/{slug}"


def story(of: Story, language: str = "") -> str:
    """This edition of it, or the one in another language."""
    language = language or of.language
    place = release(of.newsroom, of.slug)
    return place if language == of.languages[0] else f"{place}/{language}"


def form(of: Story, name: str) -> str:
    """This edition in another form: `release.pdf`, `ninjs.json`."""
    return f"{release(of.newsroom, of.slug)}/{of.language}/{name}"


def file(of: Story, one: File) -> str:
    """A file of its press kit."""
    return f"{release(of.newsroom, of.slug)}/files/{one.key}/{quote(one.name, safe='')}"


def preview(of: Story, one: File) -> str:
    """A picture of it, small."""
    return f"{release(of.newsroom, of.slug)}/previews/{one.key}.webp"


def embargo(token: str) -> str:
    """Where an accredited reader accepts an embargo."""
    return f"{settings().base_url}/embargo/{token}"


def uri(of: Story) -> str:
    """The name of this edition for programs, the same in all its versions. No place: nothing is to be fetched by it."""
    return f"tag:{of.sender.address.rpartition('@')[2]},2024:{of.release_id}/{of.language}"
