"""Journalists: people of the press, one canonical address each."""

from service.journalists.adding import AlreadyKnown, Erased, add
from service.journalists.erasing import erase
from service.journalists.finding import all, by_address, count, get  # noqa: A004 - journalists.all is what it is
from service.journalists.mailboxes import Mailbox, mailbox
from service.journalists.names import LONGEST_NAME, NameTooLong, clean_name

__all__ = [
    "LONGEST_NAME",
    "AlreadyKnown",
    "Erased",
    "Mailbox",
    "NameTooLong",
    "add",
    "all",
    "by_address",
    "clean_name",
    "count",
    "erase",
    "get",
    "mailbox",
]
