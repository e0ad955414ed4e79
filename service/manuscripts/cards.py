"""The lines of a contact block as people: name, role, organisation, telephone, e-mail."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from service.manuscripts.manuscript import Contact, Remark
from service.manuscripts.paragraphs import Line

_EMAIL_LABEL = (
    r"(?:(?:e-?mail|эл(?:ектронная|\.)?\s*(?:почта|адрес|пошта)|электрондық\s+пошта|почта|пошта|mailto)\s*[.:]*"
    r"|e\s*:)\s*"
)
_EMAIL = re.compile(
    rf"(?P<label>(?<!\w){_EMAIL_LABEL})?<?(?:mailto:)?(?P<value>[\w.+'-]+@[\w-]+(?:\.[\w-]+)+)>?", re.IGNORECASE
)
_PHONE_WORD = (
    r"(?:tele?(?:phones?)?|phones?|ph|mobile|mob|cell|office|direct|whats\s?app|viber|телефоны?|тел|раб(?:очий)?"
    r"|моб(?:ильный)?|сот(?:овый)?|ұялы|байланыс|т|t|m|p)"
)
_NUMBER = r"\+?\(?\d(?:[\d\s().\-‑–]|/(?=\d)){3,}\d(?:,?\s*\(?(?:ext|x|доб|вн|ішкі)\.?\s*:?\s*\d{1,6}\)?)?"
_PHONE = re.compile(
    rf"(?P<label>(?<!\w)(?:{_PHONE_WORD}(?:\s*[.:/]+|\s+(?=[+(\d])|\s+(?={_PHONE_WORD}[\s.:/]))\s*){{1,3}})?(?P<value>{_NUMBER})",
    re.IGNORECASE,
)
_FIELD_LABELS = {
    "name": r"name|full\s+name|contact(?:\s+person)?|имя|ф\.?и\.?о\.?|контактное\s+лицо|аты-жөні|аты",
    "role": r"title|position|role|job\s+title|должность|лауазымы",
    "organisation": r"organi[sz]ation|company|организация|компания|ұйым(?:ы)?",
}
_FIELDS = {name: re.compile(rf"(?:{label})\s*:\s*(?=\S)", re.IGNORECASE) for name, label in _FIELD_LABELS.items()}
_OTHER_LABEL = re.compile(r"[^\W\d][\w .'’-]{1,30}:(?:\s|$)|fax|факс|(?:https?://|www\.)", re.IGNORECASE)
_FAX = re.compile(r"(?<!\w)(?:fax|факс)", re.IGNORECASE)
_ROLE = re.compile(
    r"(?<!\w)(?:officer|manager|head|director|secretary|spokes\w+|press|pr|communications?|media|advis[eo]r|specialist|editor|assistant"
    r"|coordinator|chief|vice|president|chair\w*|founder|пресс-\w+|руководитель|специалист|менеджер|директор|начальник|советник|глава"
    r"|заместитель|помощник|секретарь|представитель|маман\w*|басшы\w*|хатшы\w*|кеңесші\w*|директоры|өкілі)(?!\w)",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"(?<!\w)(?:secretariat|commission|committee|ministry|conference|organi[sz]ation|agency|university|institute|council|group|fund"
    r"|foundation|bank|centre|center|association|union|inc|ltd|llp|llc|plc|тоо|ао|секретариат|комисси\w+|комитет|министерство"
    r"|совещание|организация|агентство|университет|институт|совет|группа|фонд|банк|центр|ассоциация|союз|жшс|хатшылығы?"
    r"|комиссиясы|министрлігі|кеңесі|ұйымы|қоры|университеті|орталығы)(?!\w)",
    re.IGNORECASE,
)
_CONNECTIVE = re.compile(r"(?:at|on|or|and|by|by phone|via|please|contact|или|по|на|и|және|немесе)", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*[|;•]\s*|\s+[–—-]\s+|,\s+")


@dataclass(slots=True)
class Cards:
    """What a contact block said."""

    contacts: list[Contact] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


@dataclass(slots=True)
class _Card:
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def reachable(self) -> bool:
        return "phone" in self.fields or "email" in self.fields

    def add(self, name: str, value: str) -> None:
        self.fields[name] = f"{self.fields[name]}, {value}" if name in self.fields else value


def has_a_number(line: str) -> bool:
    """Whether the line holds a telephone number or an e-mail address."""
    return _EMAIL.search(line) is not None or any(_is_phone(match) for match in _PHONE.finditer(line))


def read(lines: Sequence[Line]) -> Cards:
    """The contacts of one block; what fits no field is a remark, labels are marks."""
    cards, card = Cards(), _Card()
    for line in lines:
        if _FAX.match(line.text):
            cards.remarks.append(Remark(line.number, line.text, "A fax number has no field."))
            continue
        numbers = _Card()
        rest = _lift(line.text, "email", _EMAIL, lambda _: True, into=numbers, marks=cards.marks)
        rest = _lift(rest, "phone", _PHONE, _is_phone, into=numbers, marks=cards.marks)
        pieces = _pieces(rest, card)
        if card.reachable and pieces and _begins_another(card, pieces[0]):
            cards.contacts.append(Contact(**card.fields))
            card, pieces = _Card(), _pieces(rest, _Card())
        for piece in pieces:
            _place(piece, line.number, card, cards)
        for name, value in numbers.fields.items():
            card.add(name, value)
    if card.fields:
        cards.contacts.append(Contact(**card.fields))
    return cards


def _lift(
    text: str,
    name: str,
    form: re.Pattern[str],
    is_one: Callable[[re.Match[str]], bool],
    *,
    into: _Card,
    marks: list[str],
) -> str:
    """The text without the numbers of this form, which go into the card, and their labels, which are marks."""

    def keep(match: re.Match[str]) -> str:
        if not is_one(match):
            return match.group()
        into.add(name, match["value"].strip())
        marks.extend(filter(None, [(match["label"] or "").strip()]))
        return " | "

    return form.sub(keep, text)


def _is_phone(match: re.Match[str]) -> bool:
    digits: int = sum(character.isdigit() for character in match["value"])
    fewest = 5 if match["label"] else 7
    return fewest <= digits <= 20  # fewer without a label are a postcode or a year


def _pieces(text: str, card: _Card) -> list[str]:
    """The line cut at its separators; below the name commas may belong to a role: "Head of Press, Asia"."""
    if any(form.match(text) for form in _FIELDS.values()):
        return [text.strip(" |,;")]
    cut = _SEPARATOR.split(text) if "name" not in card.fields or "|" in text else _role_and_organisation(text)
    return [piece.strip(" ,;") for piece in cut if re.search(r"\w", piece)]


def _role_and_organisation(text: str) -> list[str]:
    role, comma, organisation = text.rpartition(",")
    if comma and _ORGANISATION.search(organisation) and not _ROLE.search(organisation):
        return [role, organisation]
    return [text]


def _begins_another(card: _Card, piece: str) -> bool:
    labelled = next((name for name, form in _FIELDS.items() if form.match(piece)), None)
    if labelled:
        return labelled in card.fields
    if _OTHER_LABEL.match(piece):
        return False
    is_their_role = "role" not in card.fields and _ROLE.search(piece) is not None
    return "name" in card.fields and not is_their_role


def _place(piece: str, number: int, card: _Card, cards: Cards) -> None:
    if _CONNECTIVE.fullmatch(piece):  # "Ada Berg, at ada@rivers.example or +7 701 000 00 11"
        cards.marks.append(piece)
        return
    for name, form in _FIELDS.items():
        if name not in card.fields and (label := form.match(piece)):
            cards.marks.append(label[0].strip())
            card.add(name, piece[label.end() :])
            return
    free = _free_field(piece, card)
    if free is None:
        cards.remarks.append(Remark(number, piece, "This line of the contact fits no field."))
        return
    card.add(free, piece)


def _free_field(piece: str, card: _Card) -> str | None:
    if _OTHER_LABEL.match(piece):
        return None
    if "name" not in card.fields:
        return "name"
    is_organisation = _ORGANISATION.search(piece) and not _ROLE.search(piece)
    wanted = ("organisation", "role") if is_organisation else ("role", "organisation")
    return next((name for name in wanted if name not in card.fields), None)
