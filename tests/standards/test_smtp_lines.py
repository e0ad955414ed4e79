"""S1, S3, S5: lines and commands no longer than a server must take, dots as they were written, patience at the dot."""

from typing import Any

import pytest

from service.mail.compose import Person
from tests.standards import reading
from tests.standards.typed import AT, CLEO, DELIVERY, Post, Typed
from workers.relays.smtp import DEFAULT

LONG = "The river fell by a hand's breadth at the gauge in Saltmarsh, as it does in a dry year. " * 57
PERSON = Person("cleo@daily.example", "Cleo " * 40, "Ж" * 3000, "W" * 3000)
DOTS = [".", "..", ".x", ". a", ".\n.", "a\n.\nb", "." * 300, ("x" * 74 + ".") * 40, ("x" * 75 + ".") * 40, "é." * 400]


@pytest.mark.parametrize("field", ["headline", "subhead", "lead", "body", "boilerplate", "notes", "postal_address"])
@pytest.mark.parametrize("words", [LONG, "x" * 3000, "Ө" * 3000], ids=["paragraph", "word", "cyrillic"])
def test_no_line_is_longer_than_998_octets(post: Post, field: str, words: str) -> None:
    """S1: a paragraph of 5,000 characters, one word of 3,000, wherever they are typed."""
    typed: dict[str, Any] = {field: words}
    message = post.read(Typed(**typed).letter(), PERSON)
    [plain, _] = message.parts

    assert words.strip() in plain.text
    assert PERSON.outlet in plain.text
    assert PERSON.topic in plain.text


@pytest.mark.parametrize("name", ["x" * 3000, "x " * 1500, '"' * 600, "ю" * 500])
def test_a_long_name_makes_no_long_line(post: Post, name: str) -> None:
    """S1: of the person, who stands in To, and of the sender, who stands in From."""
    message = post.read(Typed(sender=name).letter(), Person("cleo@daily.example", name, "", "Water"))

    for field in ("To", "From"):
        assert reading.mailbox(message.one(field).value)[0] == name.strip()


def test_commands_and_their_addresses_keep_their_limits(modern: Post) -> None:
    """S1: commands of 512 octets at most, local parts of 64, domains of 255."""
    longest = Person(f"{'c' * 64}@{'.'.join(['d' * 60] * 4)}.example", "Cleo", "Daily", "Water")
    taken = modern.send(Typed().letter(), longest)

    assert all(len(line) <= 512 and line.endswith(b"\r\n") for line in modern.sink.heard)
    return_path, [recipient] = taken.envelope
    assert recipient == longest.address
    for address in (return_path, recipient):
        local, _, domain = address.rpartition("@")
        assert 1 <= len(local) <= 64, address
        assert 1 <= len(domain) <= 255, address


@pytest.mark.parametrize("words", DOTS, ids=range(len(DOTS)))
@pytest.mark.parametrize("field", ["lead", "notes", "postal_address"])
def test_lines_that_begin_with_a_dot_arrive_as_written(post: Post, field: str, words: str) -> None:
    """S3: lines of `.`, `..` and `.x`, and dots that only an encoding put at the start of a line."""
    typed: dict[str, Any] = {field: words}
    letter = Typed(**typed, dateline="").letter()
    taken = post.send(letter)

    message = reading.message(taken.wire)
    assert message.octets == letter.message(CLEO, DELIVERY, AT, eight_bit="8BITMIME" in post.sink.offers)
    [plain, _] = message.parts
    if field != "notes":  # Markdown has its own word for a line end
        assert words in plain.text


@pytest.mark.parametrize("name", [".NET Foundation", ".", "..", ". x"])
def test_a_newsroom_that_begins_with_a_dot_arrives_as_written(post: Post, name: str) -> None:
    """S3: its name begins the text part, and stands again after what was filled in."""
    [plain, html] = post.read(Typed(sender=name).letter()).parts

    assert plain.text.startswith(f"{name}\n")
    assert plain.text.endswith(f"\n{name}, 1 Embankment, Astana\n")
    assert html.text.count(name) >= 2


@pytest.mark.parametrize("name", [".NET Magazine", ".", "..", ". x", "x" * 74 + ".", ("x" * 72 + ".") * 5])
@pytest.mark.parametrize("field", ["name", "outlet", "topic"])
def test_what_is_filled_in_arrives_with_its_dots(post: Post, field: str, name: str) -> None:
    """S3: and those of a long name that an encoding put at the start of a line."""
    letter, person = Typed().letter(), CLEO._replace(**{field: name})
    message = post.read(letter, person)

    assert message.octets == letter.message(person, DELIVERY, AT, eight_bit="8BITMIME" in post.sink.offers)
    assert name in message.parts[0].text


def test_by_default_a_silent_server_has_ten_minutes_after_the_dot() -> None:
    """S5: what silence at each stage becomes is asked in tests/workers/relays/test_losing_the_relay.py."""
    assert DEFAULT.dot >= 600
    assert DEFAULT.reply >= 300
