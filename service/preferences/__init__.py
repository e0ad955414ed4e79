"""What a journalist decides about the mail they get, by a link of their own: no account, no password."""

from service.preferences.address import Agreed, agree, agreement, change_address, tidy
from service.preferences.data import export
from service.preferences.opening import DAYS, Opened, Several, ask, mail_link, open_, whose
from service.preferences.reason import Reason, reason
from service.preferences.saving import Line, lines, save

__all__ = [
    "DAYS",
    "Agreed",
    "Line",
    "Opened",
    "Reason",
    "Several",
    "agree",
    "agreement",
    "ask",
    "change_address",
    "export",
    "lines",
    "mail_link",
    "open_",
    "reason",
    "save",
    "tidy",
    "whose",
]
