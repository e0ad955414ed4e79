"""What the checks find in a release, without a database: each fault by its own example, and no fault in a good one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.checks import Circumstances, Kind, KitFile, Level, links, lint
from service.checks.kinds import RULES
from service.models import Trial
from service.releases.revisions import Frozen, FrozenContact, FrozenEdition, FrozenSender

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
HERE = Circumstances(NOW, zone="Asia/Almaty", reach=12)
WORDS = "The commission measured the river at twelve places and found less water than in any year since 1932. " * 4
GOOD = FrozenEdition(
    language="en",
    headline="Ishim falls to its lowest level since measurements began",
    subhead="",
    place="Astana",
    dated=date(2026, 11, 24),
    dateline="ASTANA, 24 November 2026 –",
    lead="The Ishim stood at 41 centimetres on Monday, the Steppe Rivers Commission said.",
    body=WORDS
    + "\n\n> “We ask towns to save water,” she said.\n\nSee the [water data](https://rivers.example.org/data).",
    boilerplate="The Steppe Rivers Commission looks after four rivers.",
    notes="",
)
RELEASE = Frozen(
    editions=(GOOD,),
    contacts=(FrozenContact("Ada Officer", "", "", "+7 7172 000000", ""),),
    sender=FrozenSender("rivers", "Steppe Rivers Commission", "press@rivers.example", "press@rivers.example", "Astana"),
    topics=(UUID(int=1),),
    embargo=None,
)


def found(release: Frozen = RELEASE, now: Circumstances = HERE) -> list[tuple[Kind, str]]:
    return [(check.kind, check.field) for check in lint(release, now)]


def with_words(**fields: object) -> Frozen:
    return replace(RELEASE, editions=(replace(GOOD, **fields),))  # type: ignore[arg-type]


def test_a_good_release_has_nothing_to_be_said_of_it() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("kind", "field", "fields"),
    [
        (Kind.NO_HEADLINE, "headline", {"headline": " "}),
        (Kind.NO_TEXT, "lead", {"lead": "", "body": " \n"}),
        (Kind.UNRESOLVED, "lead", {"lead": GOOD.lead + " Write to {{ name }}."}),
        (Kind.UNRESOLVED, "body", {"body": WORDS + "The level was [TK] metres."}),
        (Kind.UNRESOLVED, "body", {"body": WORDS + "XXX people came."}),
        (Kind.UNRESOLVED, "boilerplate", {"boilerplate": "Lorem ipsum dolor sit amet."}),
        (Kind.UNRESOLVED, "headline", {"headline": "Minister *|FNAME|* visits the river Ishim"}),
        (Kind.EMBARGO_ONLY_IN_TEXT, "body", {"body": "EMBARGOED UNTIL 1 December 2026, 09:00 Astana\n\n" + WORDS}),
        (Kind.OVERRIDES, "body", {"body": WORDS + "\u202efdp.exe"}),
        (Kind.HEADLINE_LONG, "headline", {"headline": "The river falls again " * 5}),
        (Kind.HEADLINE_SHORT, "headline", {"headline": "River falls"}),
        (Kind.HEADLINE_CAPITALS, "headline", {"headline": "ISHIM FALLS TO ITS LOWEST LEVEL"}),
        (Kind.HEADLINE_STOP, "headline", {"headline": "The Ishim falls to its lowest level."}),
        (Kind.NO_DATELINE, "dateline", {"dateline": ""}),
        (Kind.DATELINE_FORM, "dateline", {"dateline": "On Monday", "place": "", "dated": None}),
        (Kind.DATELINE_FORM, "dateline", {"dateline": "ASTANA –", "dated": None}),
        (Kind.DATELINE_DAY, "dated", {"dated": date(2025, 11, 24)}),
        (Kind.NO_LEAD, "lead", {"lead": ""}),
        (Kind.LEAD_LONG, "lead", {"lead": "word " * 61}),
        (Kind.BODY_SHORT, "body", {"body": "Few words."}),
        (Kind.BODY_LONG, "body", {"body": "word " * 1300}),
        (Kind.END_MARK, "body", {"body": WORDS + "\n\n-ENDS-"}),
        (Kind.END_MARK, "body", {"body": WORDS + "\n\n\\# \\# \\#"}),
        (Kind.MIXED_SCRIPTS, "headline", {"headline": "Ishim falls to its lowest lеvel again"}),
        (Kind.HIDDEN, "lead", {"lead": GOOD.lead + "\u200b"}),
        (Kind.LINK_INSIDE, "body", {"body": WORDS + "See http://staging.rivers.example.org/x."}),
        (Kind.LINK_INSIDE, "body", {"body": WORDS + "See <http://10.0.0.8/report>"}),
        (Kind.LINK_WORDS, "body", {"body": WORDS + "For the data [click here](https://rivers.example.org/data)."}),
    ],
)  # fmt: skip
def test_one_fault_is_found_at_its_place_and_nothing_else(kind: Kind, field: str, fields: dict[str, object]) -> None:
    assert found(with_words(**fields)) == [(kind, field)]


@pytest.mark.parametrize(
    "innocent",
    [
        "The XX century, Xerox and XIX congresses; Windows XP.",
        "He asked for more. In the end it ends.",
        "An array of {1, 2} and (in brackets) [sic].",
        "“Embargo” is a word, and the embargo on grain goes on.",
        "عربي وكلمات أخرى",
        "Ақмола облысы, Қазақстан",
    ],
)  # fmt: skip
def test_honest_words_are_left_alone(innocent: str) -> None:
    assert found(with_words(body=f"{WORDS}\n\n{innocent}")) == []


def test_words_for_immediate_release_do_not_go_with_an_embargo() -> None:
    said = with_words(body="FOR IMMEDIATE RELEASE\n\n" + WORDS)
    assert found(replace(said, embargo=TOMORROW)) == [(Kind.IMMEDIATE_UNDER_EMBARGO, "body")]
    assert found(said) == []


def test_the_embargo_is_held_against_the_clock_the_schedule_and_its_zone() -> None:
    embargoed = replace(RELEASE, embargo=TOMORROW)
    assert found(embargoed) == []
    assert found(embargoed, replace(HERE, now=TOMORROW)) == [(Kind.EMBARGO_OVER, "embargo")]
    assert found(embargoed, replace(HERE, send_at=TOMORROW)) == []
    late = lint(embargoed, replace(HERE, send_at=TOMORROW + timedelta(hours=5)))
    assert [(one.kind, one.values["hours"]) for one in late] == [(Kind.LEAVES_AFTER_EMBARGO, 5)]
    assert found(embargoed, replace(HERE, zone="UTC")) == [(Kind.EMBARGO_WITHOUT_ZONE, "zone")]


def test_contacts_are_there_and_can_be_reached() -> None:
    assert found(replace(RELEASE, contacts=())) == [(Kind.NO_CONTACT, "contacts")]
    mute = replace(RELEASE, contacts=(FrozenContact("Ada Officer", "Press officer", "", " ", ""),))
    assert found(mute) == [(Kind.CONTACT_UNREACHABLE, "contacts")]


def test_readers_of_another_language_are_counted_and_untranslated_headlines_named() -> None:
    now = replace(HERE, elsewhere={"kk": (40, "en")})
    (check,) = lint(RELEASE, now)
    assert str(check) == "40 of its readers read “kk”, in which there is no edition; they get it in “en”."
    both = replace(RELEASE, editions=(GOOD, replace(GOOD, language="ru")))
    assert found(both) == [(Kind.HEADLINE_UNTRANSLATED, "headline")]
    assert found(RELEASE, replace(HERE, reach=0)) == [(Kind.NOBODY, "topics")]


def test_a_mail_that_gmail_would_cut_off_is_named_by_its_edition() -> None:
    assert found(now=replace(HERE, weights={"en": 102 * 1024})) == []
    (check,) = lint(RELEASE, replace(HERE, weights={"en": 140 * 1024}))
    assert (check.kind, check.language, check.values) == (Kind.MAIL_LARGE, "en", {"size": 140, "most": 102})


def test_a_press_kit_has_a_size_and_its_pictures_descriptions_and_credits() -> None:
    good = KitFile("gauge.jpg", 1_000_000, is_picture=True, alt="A gauge in low water", credit="Rivers Commission")
    paper = KitFile("data.pdf", 1_000_000, is_picture=False, alt="", credit="")
    assert found(now=replace(HERE, kit=(good, paper))) == []
    assert found(now=replace(HERE, kit=(replace(good, alt="", credit=" "),))) == [
        (Kind.NO_ALT, "kit"),
        (Kind.NO_CREDIT, "kit"),
    ]
    assert found(now=replace(HERE, kit=(replace(good, size=51_000_000),))) == [(Kind.KIT_TOO_LARGE, "kit")]


@pytest.mark.parametrize(
    ("trial", "kind"),
    [(Trial.DEAD, Kind.LINK_DEAD), (Trial.UNSURE, Kind.LINK_UNSURE), (Trial.PRIVATE, Kind.LINK_INSIDE)],
)
def test_what_a_link_answered_is_said(trial: Trial, kind: Kind) -> None:
    url = "https://rivers.example.org/data"
    assert found(now=replace(HERE, trials={url: trial})) == [(kind, "body")]
    assert found(now=replace(HERE, trials={url: Trial.ALIVE})) == []


def test_links_are_found_in_markdown_in_bare_words_and_in_the_lead_each_once() -> None:
    text = "[a](https://a.example/x) <https://b.example/y> https://c.example/z. [m](mailto:a@b.example) `https://d.example`"
    release = with_words(lead="See https://lead.example/1.", body=text, boilerplate="", notes="")
    assert [link.url for link in links(release)] == [
        "https://lead.example/1",
        "https://a.example/x",
        "https://b.example/y",
        "https://c.example/z",
    ]


def test_words_of_languages_without_spaces_are_not_counted() -> None:
    assert (
        found(with_words(language="zh", headline="伊希姆河水位创历史新低", lead="水位下降。", body="委员会说。")) == []
    )


def test_every_kind_has_a_sentence_and_blocking_ones_come_first() -> None:
    assert set(RULES) == set(Kind)
    levels = [RULES[kind][0] for kind in Kind]
    assert levels == sorted(levels, key=list(Level).index, reverse=False)


TEXTS = st.text(max_size=300) | st.sampled_from(
    ["{{name}}", "[TK]", "https://[", "http://a b", "# # #", "\x00", "[](http://x)"]
)


@given(headline=TEXTS, dateline=TEXTS, lead=TEXTS, body=TEXTS, notes=TEXTS, place=TEXTS)
def test_whatever_is_written_the_checks_answer_with_sentences(**fields: str) -> None:
    for check in lint(with_words(**fields), HERE):
        assert str(check)
        assert "%(" not in check.words % check.values
        assert check.field


@given(
    st.text(alphabet="abcdef .,\n", max_size=200),
    st.sampled_from(["{{name}}", "[TK]", "XXX", "lorem ipsum", "${price}"]),
)
def test_a_field_left_open_is_found_wherever_it_stands(around: str, left: str) -> None:
    for body in (f"{around} {left} {around}", f"{left}\n{around}", f"{around}\n({left})"):
        kinds = [check.kind for check in lint(with_words(body=body), HERE)]
        assert Kind.UNRESOLVED in kinds
