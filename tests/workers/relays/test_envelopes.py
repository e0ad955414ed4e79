"""The last line of defence: no address and no message may end its command or its data early."""

import pytest

from workers.relays.relay import Envelope

HOSTILE = ["ben@x.example\r\nRCPT TO:<eve@x.example", "ben@x.example\n", "be n@x.example", "<ben@x.example>", "b\0@x"]


@pytest.mark.parametrize("address", HOSTILE)
def test_an_address_cannot_bring_commands_along(address: str) -> None:
    with pytest.raises(ValueError):
        Envelope(return_path="b-1@newsroom.example", recipient=address, message=b"Hi\r\n")
    with pytest.raises(ValueError):
        Envelope(return_path=address, recipient="ben@science.example", message=b"Hi\r\n")


def test_a_recipient_is_needed_and_a_return_path_is_not() -> None:
    Envelope(return_path="", recipient="ben@science.example", message=b"Hi\r\n")
    with pytest.raises(ValueError):
        Envelope(return_path="b-1@newsroom.example", recipient="", message=b"Hi\r\n")


@pytest.mark.parametrize("message", [b"", b"Hi", b"Hi\n", b"Hi\r"])
def test_a_message_ends_with_its_line(message: bytes) -> None:
    with pytest.raises(ValueError):
        Envelope(return_path="", recipient="ben@science.example", message=message)


@pytest.mark.parametrize("envid", ["a b", "a\r\nRCPT", "a=b", "é", "a" * 101])
def test_an_envelope_id_is_letters_and_digits(envid: str) -> None:
    Envelope(return_path="", recipient="ben@science.example", message=b"Hi\r\n", envid="0a1b")
    with pytest.raises(ValueError):
        Envelope(return_path="", recipient="ben@science.example", message=b"Hi\r\n", envid=envid)
