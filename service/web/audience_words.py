"""Why somebody gets no mail of a release, in the words of its audience's page."""

from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from service.audiences import Outside
from service.models import Exclusion

LEFT_OUT: dict[Exclusion | Outside, LazyString] = {
    Exclusion.UNSUBSCRIBED: lazy_gettext("left the topic"),
    Exclusion.UNCONFIRMED: lazy_gettext("never confirmed the subscription"),
    Exclusion.NOT_SUBSCRIBED: lazy_gettext("on a list, but subscribed to none of the topics"),
    Exclusion.SUPPRESSED: lazy_gettext("address suppressed"),
    Exclusion.RESTING: lazy_gettext("address at rest after a refusal"),
    Exclusion.DO_NOT_CONTACT: lazy_gettext("asked not to be contacted"),
    Exclusion.ERASED: lazy_gettext("asked to be erased"),
    Exclusion.PAUSED: lazy_gettext("paused by themselves"),
    Exclusion.DIGEST: lazy_gettext("get it in their digest instead"),
    Exclusion.FREQUENCY_CAP: lazy_gettext("had as many releases of late as one person may get"),
    Outside.WITHOUT: lazy_gettext("left out by you"),
    Outside.NOT_CHOSEN: lazy_gettext("on none of the lists and in none of the segments"),
    Outside.LANGUAGE: lazy_gettext("read none of the languages"),
    Outside.COUNTRY: lazy_gettext("in another country"),
    Outside.OUTLET: lazy_gettext("write for another outlet"),
    Outside.TIER: lazy_gettext("of another tier"),
}

WAVES = {"all": lazy_gettext("everybody else"), "added later": lazy_gettext("added later")}


def wave(name: str) -> str:
    """The name of a wave: ours in the language of the page, a list's as it is."""
    kind, _, tier = name.partition(" ")
    if kind == "tier" and tier.isdigit():
        return str(gettext("Tier %(tier)s", tier=tier))
    return str(WAVES.get(name, name))
