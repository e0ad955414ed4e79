"""Pages speak English and Russian, those without sign-in Kazakh too; nothing is said that cannot be said in all."""

import re
from html.parser import HTMLParser

import pytest
from babel.messages.catalog import Message
from flask.testing import FlaskClient
from jinja2 import Environment, FileSystemLoader, nodes
from sqlalchemy.orm import Session

from service.models import Release
from service.signing import Purpose, sign
from service.web import catalogs, languages
from tests.factories import Newsroom
from tests.service.web.conftest import Browser, csrf
from tests.service.web.office import send_a_release

PLACES = re.compile(r"%\((\w+)\)s")
TAGS = re.compile(r"</?\w+>")
NAMES = re.compile("Dateline|Atom|RSS|JSON Feed|ninjs|NewsML-G2|Word|PDF")
SAID_IN = ("aria-label", "title", "placeholder", "alt", "data-name")
LETTERS = re.compile(r"[A-Za-zА-Яа-я]{2}")


@pytest.fixture
def release(session: Session, newsroom: Newsroom) -> Release:
    return send_a_release(session, newsroom)


@pytest.fixture
def ada(signed_in: Browser, newsroom: Newsroom) -> FlaskClient:
    return signed_in(newsroom.ada)


def choose(client: FlaskClient, **choice: str) -> int:
    return client.post("/choices", data=csrf(client, "/") | choice).status_code


@pytest.mark.parametrize("language", catalogs.languages())
def test_every_catalog_is_up_to_date_and_whole(language: str) -> None:
    fresh = catalogs.update(language)
    assert catalogs.as_text(fresh) == catalogs.as_text(catalogs.written(language)), "run make translations"
    assert catalogs.untranslated(fresh) == []


@pytest.mark.parametrize("language", catalogs.languages())
def test_a_translation_has_the_places_and_the_tags_of_what_it_translates(language: str) -> None:
    for message in catalogs.written(language):
        for translated in _strings(message.string):
            assert set(PLACES.findall(translated)) <= _places(message), message.id
            assert sorted(TAGS.findall(translated)) == sorted(TAGS.findall(_strings(message.id)[0])), message.id


def _strings(said: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said or ())


def _places(message: Message) -> set[str]:
    return {place for said in _strings(message.id) for place in PLACES.findall(said)}


@pytest.mark.parametrize("name", catalogs.templates())
def test_every_word_of_a_template_is_marked_for_translation(name: str) -> None:
    assert unmarked((catalogs.TEMPLATES / name).read_text()) == []


def test_what_is_not_marked_is_found() -> None:
    assert unmarked("<p>{{ _('Good') }} Bad <b title='Worse'>1</b></p>") == ["Bad", "Worse"]
    assert unmarked("{{ 'Worst' if a else _('Good') }}") == ["Worst"]


class _Words(HTMLParser):
    """Gathers what a person would read."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag == "code"
        self.found += [value or "" for name, value in attrs if name in SAID_IN]

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag == "code"

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.found.append(data)


def unmarked(source: str) -> list[str]:
    """Words in the template's own text, and in what its expressions print as it stands, outside of _()."""
    environment = Environment(loader=FileSystemLoader(catalogs.TEMPLATES), extensions=["jinja2.ext.i18n"])
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    tree = environment.parse(source)
    words = _Words()
    shown = [node for output in tree.find_all(nodes.Output) for node in output.nodes]
    words.feed("".join(node.data if isinstance(node, nodes.TemplateData) else "0" for node in shown))
    words.close()
    printed = [const.value for node in shown for const in _printed(node)]
    found = (said.strip(" 0\n") for said in [*words.found, *printed])  # 0 stands for what an expression prints
    # What holds a quote is a piece of a tag that several macros write together.
    return [said for said in found if LETTERS.search(NAMES.sub("", said)) and '="' not in said and "<" not in said]


def _printed(node: nodes.Node) -> list[nodes.Const]:
    """The strings that an expression may print by itself: of `a if b else c` both, of calls and filters none."""
    if isinstance(node, nodes.Const):
        return [node] if _is_said(node.value) else []
    if isinstance(node, nodes.CondExpr):
        return [const for part in (node.expr1, node.expr2) if part is not None for const in _printed(part)]
    return []


def _is_said(value: object) -> bool:
    return isinstance(value, str) and (" " in value.strip() or value[:1].isupper())


def test_an_officers_pages_speak_russian_when_her_browser_does(ada: FlaskClient, release: Release) -> None:
    page = ada.get(f"/releases/{release.id}", headers={"Accept-Language": "ru-RU,ru;q=0.9,en;q=0.5"}).text
    assert '<html lang="ru" dir="ltr"' in page
    assert "Принято <b>3</b> из 5 писем" in page
    assert "Приостановить" in page
    assert "Все, кому предназначен релиз" in page


def test_a_language_that_was_chosen_holds_against_the_browser_and_after_signing_out(
    ada: FlaskClient, newsroom: Newsroom
) -> None:
    assert choose(ada, language="ru", next="/releases") == 302
    assert "Релизы" in ada.get("/releases", headers={"Accept-Language": "en"}).text
    ada.post("/sign-out", data=csrf(ada, "/releases"))
    assert "Войти" in ada.get("/sign-in").text


def test_who_chose_kazakh_has_officers_pages_in_the_nearest_language_there_is(ada: FlaskClient) -> None:
    choose(ada, language="kk")
    assert '<html lang="ru"' in ada.get("/releases").text
    assert '<html lang="kk"' in ada.get("/sign-in-link").text


def test_public_pages_are_in_three_languages_by_their_address_and_set_no_cookie(
    client: FlaskClient, release: Release
) -> None:
    path = f"/leave/{sign(Purpose.LEAVE, release.id)}"
    for language, words in (("en", "No more of these"), ("ru", "Больше не присылать"), ("kk", "келмесін бе")):
        page = client.get(f"{path}?lang={language}")
        assert f'<html lang="{language}"' in page.text
        assert words in page.text
        assert f'name="lang" value="{language}"' in page.text
        assert page.headers.getlist("Set-Cookie") == []
    assert 'href="?lang=kk"' in client.get(path).text


@pytest.mark.parametrize("asked", ["xx", "", "../../etc", "ru-RU" * 50])
def test_a_language_nobody_speaks_is_passed_over(client: FlaskClient, asked: str) -> None:
    assert '<html lang="en"' in client.get("/sign-in", query_string={"lang": asked}).text


def test_errors_speak_the_same_languages(ada: FlaskClient) -> None:
    assert "Здесь ничего нет" in ada.get("/nowhere", headers={"Accept-Language": "ru"}).text
    assert "Мұнда ештеңе жоқ" in ada.get("/nowhere", headers={"Accept-Language": "kk"}).text


def test_what_a_noun_refuses_is_said_in_the_pages_language(ada: FlaskClient, release: Release) -> None:
    russian = {"Accept-Language": "ru"}
    page = ada.post(f"/releases/{release.id}/resume", data=csrf(ada, "/releases"), headers=russian)
    assert page.status_code == 422
    assert "Состояние релиза — «рассылается»; он не может быть возобновлён." in page.text


@pytest.mark.parametrize("choice", [{"language": "xx"}, {"colours": "red"}])
def test_only_what_is_offered_can_be_chosen(ada: FlaskClient, choice: dict[str, str]) -> None:
    assert choose(ada, **choice) == 422


@pytest.mark.parametrize("next_", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", ""])
def test_choosing_never_leads_elsewhere(ada: FlaskClient, next_: str) -> None:
    answer = ada.post("/choices", data=csrf(ada, "/") | {"language": "ru", "next": next_})
    assert answer.location == "/"


def test_choosing_leads_back_to_the_page(ada: FlaskClient) -> None:
    answer = ada.post("/choices", data=csrf(ada, "/") | {"colours": "dark", "next": "/releases?state=sent&page=2"})
    assert answer.location == "/releases?state=sent&page=2"
    assert 'data-bs-theme="dark"' in ada.get("/releases").text
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("colours="))
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_every_language_offered_has_its_catalog() -> None:
    assert {"en", *catalogs.languages()} == set(languages.EVERYBODY)
    assert set(languages.EVERYBODY) - set(languages.OFFICERS) == catalogs.PUBLIC_LANGUAGES
