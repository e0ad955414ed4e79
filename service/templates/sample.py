"""A release and a digest that hold everything a template may have to show, and ones that hold as little as can be."""

from datetime import UTC, date, datetime
from uuid import UUID

from service.mail.compose import Person
from service.releases.revisions import Frozen, FrozenContact, FrozenEdition, FrozenFile, FrozenItem, FrozenSender

DELIVERY = UUID("0199c0de-0000-7000-8000-000000000001")
AT = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
LANGUAGES = ("en", "ru", "kk", "ar")
"""One with each set of fixed words, and one that runs from right to left."""
HEADLINE = {
    "en": "River levels fall for the third year",
    "ru": "Уровень рек снижается третий год подряд",
    "kk": "Өзендердің деңгейі үшінші жыл қатарынан төмендеп келеді",
    "ar": "انخفاض منسوب الأنهار للعام الثالث على التوالي",
}
LEAD = {
    "en": "The Steppe Rivers Commission measured the lowest spring levels since records began in 1931.",
    "ru": "Комиссия степных рек измерила самый низкий весенний уровень с начала наблюдений в 1931 году.",
    "kk": "Дала өзендері комиссиясы 1931 жылдан бергі ең төменгі көктемгі деңгейді өлшеді.",
    "ar": "سجلت لجنة أنهار السهوب أدنى مستويات ربيعية منذ بدء القياسات عام 1931.",
}
BODY = """\
Of forty gauges **thirty-one** stood below the long-term mean; the [table of all gauges](https://rivers.example/gauges)
names each of them, and the [method](https://rivers.example/method?year=2026&form=long) is open to everybody.

## What the commission asks for

- water meters in every district by 2028
- one timetable for the reservoirs of all three countries

> “We can share less water in peace, or more of it in quarrel,” said Dana Akhmetova, the commission's chair.

| River | Level | Mean |
|---|---|---|
| Esil | 1.2 m | 1.9 m |
| Nura | 0.8 m | 1.3 m |

The next measurement is on <https://rivers.example/calendar>.
"""
SENDER = FrozenSender(
    "rivers", "Steppe Rivers Commission", "press@rivers.example", "press@rivers.example", "1 Embankment, Astana"
)
CONTACT = FrozenContact("Akbota Batyrkhan", "PR Officer", "Press office", "+7 (777) 036-26-58", "akbota@rivers.example")
PICTURE = FrozenFile(
    "0" * 32,
    "esil.jpg",
    "image/jpeg",
    2_400_000,
    "The Esil near Astana in April",
    "A. Ospanov",
    "A half dry river",
)
CLEO = Person("cleo@daily.example", "Cleo Reader", "The Daily", "Water")
STRANGER = Person("x@daily.example", "", "", "")


def release(language: str) -> Frozen:
    """Everything a release can have."""
    return Frozen((_edition(language),), (CONTACT,), SENDER, (), AT, files=(PICTURE,))


def bare_release(language: str) -> Frozen:
    """A headline and a lead."""
    edition = FrozenEdition(language, HEADLINE[language], "", "", None, "", LEAD[language], "", "", "")
    return Frozen((edition,), (), SENDER, (), None)


def digest(language: str) -> Frozen:
    """Three releases in one digest."""
    edition = FrozenEdition(language, HEADLINE[language], "", "", None, "", "", "", "", "")
    return Frozen((edition,), (), SENDER, (), None, items=tuple(map(_item, LANGUAGES)))


def _edition(language: str) -> FrozenEdition:
    return FrozenEdition(
        language=language,
        headline=HEADLINE[language],
        subhead=LEAD[language],
        place="Astana",
        dated=date(2026, 12, 1),
        dateline="ASTANA, 1 December 2026 –",
        lead=LEAD[language],
        body=BODY,
        boilerplate="The **Steppe Rivers Commission** is kept by three countries.",
        notes="The gauges are read at 6:00. See [the archive](https://rivers.example/archive).",
    )


def _item(language: str) -> FrozenItem:
    link = f"https://press.example/newsroom/rivers/releases/river-levels/{language}"
    headline, lead = HEADLINE[language], LEAD[language]
    return FrozenItem(DELIVERY, language, headline, "ASTANA, 1 December –", lead, AT, link, topics=("Water",))
