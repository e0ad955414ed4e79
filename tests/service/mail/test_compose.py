"""A letter: common parts made once, islands filled for each person, the bytes right whatever is filled in."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service import manuscripts
from service.mail.compose import Person
from service.mail.environment import MAILS, environment
from tests.letters import AT, CLEO, DELIVERY, LINKS, letter

SEED = next((Path(__file__).parents[4] / "shared" / "seed").glob("*.txt"), None)
TYPED = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=200)


def read(message: bytes) -> EmailMessage:
    found = email.message_from_bytes(message, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    content: str = found.get_content()
    return content


def test_the_same_person_gets_the_same_bytes_always() -> None:
    assert letter().message(CLEO, DELIVERY, AT) == letter().message(CLEO, DELIVERY, AT)


def test_a_release_carries_the_headers_that_bulk_mail_must_have() -> None:
    message = read(letter().message(CLEO, DELIVERY, AT))

    for once in (
        "From",
        "Date",
        "To",
        "Subject",
        "Message-ID",
        "MIME-Version",
        "List-Unsubscribe",
        "List-Id",
        "Feedback-ID",
    ):
        assert len(message.get_all(once, [])) == 1, once
    assert message["List-Unsubscribe"].startswith("<https://press.example/leave/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Precedence"] == "bulk"
    assert message["Message-ID"] == f"<{DELIVERY.hex}.0badcafe@rivers.example>"
    assert not message.get_all("Bcc")


def test_the_plainest_part_comes_first_and_each_has_its_leaving_link() -> None:
    message = read(letter().message(CLEO, DELIVERY, AT))

    assert [one.get_content_type() for one in message.iter_parts()] == ["text/plain", "text/html"]
    for kind in ("plain", "html"):
        assert LINKS.leave(DELIVERY) in part(message, kind)


@settings(max_examples=60)
@given(name=TYPED, outlet=TYPED, lead=TYPED, eight_bit=st.booleans())
def test_whatever_is_filled_in_the_bytes_can_travel(name: str, outlet: str, lead: str, eight_bit: bool) -> None:
    person = Person("cleo@daily.example", name, outlet, "Water")
    raw = letter(lead=lead).message(person, DELIVERY, AT, eight_bit=eight_bit)

    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.endswith(b"\r\n")
    if not eight_bit:
        assert raw.isascii()
    message = read(raw)
    assert message.get_content_type() == "multipart/alternative"
    assert len(list(message.iter_parts())) == 2


@settings(max_examples=60)
@given(name=TYPED)
def test_eight_bit_and_quoted_printable_say_the_same(name: str) -> None:
    person = Person("cleo@daily.example", name, "Daily", "Water")
    wide, narrow = (read(letter().message(person, DELIVERY, AT, eight_bit=bit)) for bit in (True, False))

    for kind in ("plain", "html"):
        assert part(wide, kind) == part(narrow, kind)


def test_a_word_of_three_thousand_letters_travels_in_quoted_printable() -> None:
    raw = letter(lead="x" * 3000).message(CLEO, DELIVERY, AT)

    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert "x" * 3000 in part(read(raw), "plain")


def test_a_name_that_looks_like_markup_or_a_template_is_only_text() -> None:
    person = Person("cleo@daily.example", 'Ö"<script>{{ 7*7 }}%s', "Daily", "Water")
    message = read(letter().message(person, DELIVERY, AT))

    assert "<script>" not in part(message, "html")
    assert "{{ 7*7 }}%s" in part(message, "html")
    assert 'Ö"<script>{{ 7*7 }}%s' in part(message, "plain")
    assert "49" not in part(message, "html")


def test_a_right_to_left_edition_says_so() -> None:
    assert 'dir="rtl"' in part(read(letter(language="ar").message(CLEO, DELIVERY, AT)), "html")


def test_every_paragraph_of_the_seed_release_arrives_word_for_word_in_both_parts() -> None:
    if SEED is None:
        pytest.fail("../shared/seed is not beside this repository")
    manuscript = manuscripts.read(SEED.read_bytes())
    message = read(
        letter(lead=manuscript.lead, markdown=manuscript.body, headline=manuscript.headline).message(CLEO, DELIVERY, AT)
    )
    written = [
        line.strip()
        for line in SEED.read_text(encoding="utf-8-sig").replace("\u00a0", " ").split("\n\n")
        if line.strip()
    ]
    paragraphs = [" ".join(line.split()) for line in written[2:-1]]

    assert len(paragraphs) == 9
    for kind in ("plain", "html"):
        found = (
            part(message, kind).replace("&#39;", "'").replace('<span class="dateline" style="font-weight: bold;">', "")
        )
        flat = " ".join(found.replace("</span>", "").split())
        for paragraph in paragraphs:
            assert paragraph in flat, f"{kind}: {paragraph[:60]}"


def test_every_mail_template_parses_and_names_its_three_files() -> None:
    mail, frame = {"subject.txt", "body.txt", "body.html"}, {"frame.txt", "frame.html"}  # a frame is around many mails
    for folder in MAILS.iterdir():
        assert {file.name for file in folder.iterdir()} in (mail, frame)
        for file in folder.iterdir():
            environment().found_islands = []
            environment().parse(file.read_text(encoding="utf-8"), file.name)


def test_long_names_of_person_outlet_and_topic_make_no_long_line() -> None:
    long = Person("cleo@daily.example", "😀" * 200, "🗞" * 200, "ю" * 200)
    raw = letter().message(long, DELIVERY, AT)

    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert "😀" * 200 + ", " + "🗞" * 200 in part(read(raw), "plain")


@settings(max_examples=80)
@given(
    name=st.sampled_from([".", ".net", "Cleo", "", "x\n.y"]),
    lead=st.sampled_from(["Fell.", ".", "..", "a\n.b"]),
    eight_bit=st.booleans(),
)
def test_a_letter_that_says_it_has_no_dots_has_none(name: str, lead: str, eight_bit: bool) -> None:
    person = Person("cleo@daily.example", name, "Daily", "Water")
    mail = letter(lead=lead).compose(person, DELIVERY, AT, eight_bit=eight_bit)

    assert mail.dots or b"\r\n." not in mail.message


def test_a_usual_letter_has_no_dots_to_double() -> None:
    assert not letter().compose(CLEO, DELIVERY, AT).dots


def plain(raw: bytes) -> str:
    """The text part with line feeds alone."""
    return part(read(raw), "plain").replace("\r\n", "\n")


@pytest.mark.parametrize("eight_bit", [True, False])
def test_no_line_of_quoted_printable_is_longer_than_76(eight_bit: bool) -> None:
    for length in range(60, 80):
        person = Person("cleo@daily.example", "x" * length, "y" * length, "z" * length)
        written = letter(lead="w" * length + " " + "w" * 1000 + ".")
        raw = written.message(person, DELIVERY, AT, eight_bit=eight_bit)
        body = raw.partition(b"\r\n\r\n")[2]
        assert body.count(b"quoted-printable") == 2
        assert max(map(len, body.split(b"\r\n"))) <= 76
        assert "x" * length + ", " + "y" * length + "\n" in plain(raw)
        assert "w" * length + " \n" + "w" * 1000 in plain(raw)


@pytest.mark.parametrize("eight_bit", [True, False])
def test_odd_line_ends_become_the_one_that_mail_has_and_nul_is_left_out(eight_bit: bool) -> None:
    person = Person("cleo@daily.example", "Cleo\rReader\r\n.\r\n", "Da\0ily", "Water")
    raw = letter(lead="one\rtwo\r\n.\r\nthree\r.\r\0four").message(person, DELIVERY, AT, eight_bit=eight_bit)

    rest = raw.replace(b"\r\n", b"")
    assert not {b"\r", b"\n", b"\0"} & {rest[at : at + 1] for at in range(len(rest))}
    assert "one\ntwo\n.\nthree\n.\nfour" in plain(raw)
    assert "Cleo Reader ., Da ily" in plain(raw)


@pytest.mark.parametrize("words", ["--=_0badcafe_dateline", "--=_0badcafe_dateline--", "--=_0badcafe_dateline_mixed--"])
@pytest.mark.parametrize("eight_bit", [True, False])
def test_the_boundary_is_in_no_part_whatever_is_written(words: str, eight_bit: bool) -> None:
    person = Person("cleo@daily.example", words, words, "Water")
    by_the_person = letter().message(person, DELIVERY, AT, eight_bit=eight_bit)
    by_the_officer = letter(lead=f"a\n{words}\nb").message(CLEO, DELIVERY, AT, eight_bit=eight_bit)

    for raw, written in ((by_the_person, f"{words}, {words}\n"), (by_the_officer, f"a\n{words}\nb\n")):
        assert [one.get_content_type() for one in read(raw).iter_parts()] == ["text/plain", "text/html"]
        assert written in plain(raw)
