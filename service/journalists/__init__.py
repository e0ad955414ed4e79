"""Journalists: people of the press, one canonical address each."""

from service.journalists.adding import AlreadyKnown, Erased, add
from service.journalists.choosing import LANGUAGES, Choice, UnknownZone, choose, next_morning, next_time, turns
from service.journalists.erasing import erase
from service.journalists.finding import all, by_address, count, get  # noqa: A004 - journalists.all is what it is
from service.journalists.mailboxes import Mailbox, mailbox
from service.journalists.names import LONGEST_NAME, NameTooLong, clean_name

__all__ = [
    "LANGUAGES",
    "LONGEST_NAME",
    "AlreadyKnown",
    "Choice",
    "Erased",
    "Mailbox",
    "NameTooLong",
    "UnknownZone",
    "add",
    "all",
    "by_address",
    "choose",
    "clean_name",
    "count",
    "erase",
    "get",
    "mailbox",
    "next_morning",
    "next_time",
    "turns",
]
