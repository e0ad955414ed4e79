"""Journalists: people of the press, one canonical address each."""

from service.journalists.adding import AlreadyKnown, Erased, add
from service.journalists.choosing import LANGUAGES, Choice, UnknownZone, choose, next_morning, next_time, turns
from service.journalists.editing import BadParticular, Particulars, edit
from service.journalists.erasing import erase
from service.journalists.finding import all, by_address, count, get  # noqa: A004 - journalists.all is what it is
from service.journalists.grounds import NoLegalBasis, grounds
from service.journalists.mailboxes import Mailbox, mailbox
from service.journalists.merging import NotOnePerson, OnItsWay, entries, merge, merges, part, tell_apart
from service.journalists.names import LONGEST_NAME, NameTooLong, clean_name
from service.journalists.notes import NoWords, keep_away, let_back
from service.journalists.subscribing import Subscribed, subscribe, take_in

__all__ = [
    "LANGUAGES",
    "LONGEST_NAME",
    "AlreadyKnown",
    "BadParticular",
    "Choice",
    "Erased",
    "Mailbox",
    "NameTooLong",
    "NoLegalBasis",
    "NoWords",
    "NotOnePerson",
    "OnItsWay",
    "Particulars",
    "Subscribed",
    "UnknownZone",
    "add",
    "all",
    "by_address",
    "choose",
    "clean_name",
    "count",
    "edit",
    "entries",
    "erase",
    "get",
    "grounds",
    "keep_away",
    "let_back",
    "mailbox",
    "merge",
    "merges",
    "next_morning",
    "next_time",
    "part",
    "subscribe",
    "take_in",
    "tell_apart",
    "turns",
]
