"""Lines that give a release its form: status lines, end marks and the headings of its last sections."""

import re

from service.manuscripts import dates

_STATUS = re.compile(
    r"(?<!\w)(?:(?:press|news|media)[\s-]+(?:releases?|statements?|advisory|notes?)|(?:for\s+)?(?:immediate|general)\s+"
    r"(?:release|publication|distribution)|for\s+(?:release|publication)|news|releases?|statement"
    r"|пресс[\s-]*релиз[ыа]?|пресс[\s-]*хабарлама(?:сы)?|для\s+(?:немедленн\w+\s+)?(?:публикации|опубликования|распространения)"
    r"|к\s+(?:немедленной\s+)?публикации|новости|сообщение\s+для\s+(?:прессы|сми)"
    r"|баспасөз[\s-]+(?:хабарлама|релиз)\w*|дереу\s+жариялау(?:ға|\s+үшін)|жариялау\s+үшін|жаңалықтар)(?!\w)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?:(?<!\w)no\.?\s*|№\s*|#\s*)?(?<!\w)\d+(?:[/-]\d+)*(?!\w)", re.IGNORECASE)
_STARS = re.compile(r"(?:\*\s*){3,}")
_END = re.compile(r"(?:#\s*){2,}|[-–—]\s*(?:30|0|ends?|конец|соңы)\s*[-–—]|ends?\.?|конец\.?|соңы\.?", re.IGNORECASE)
_SLUG = re.compile(r"[-–—(]*\s*(?:more(?:\s+follows)?|mf|продолжение\s+следует|жалғасы\s+бар)\s*[-–—)]*", re.IGNORECASE)

_ABOUT = re.compile(
    r"(?:About\s+(?!\d)[^.!?:;]{2,60}|ABOUT\s+[^.!?:;]{2,60}|(?:О|Об|Обо|ОБ)\s+[^.!?:;]{2,60}|(?:Краткая\s+)?[Сс]правка(?:\s[^.!?:;]{2,60})?"
    r"|Справочн(?:о|ая\s+информация)|[^.!?:;]{2,60}\s+(?:туралы|жайлы|ТУРАЛЫ)|Анықтама|Boilerplate|Background)\s*:?"
)
_ABOUT_INLINE = re.compile(r"(?:About\s+[^.!?:;]{2,60}|Справочно|Справка|Анықтама)\s*:\s+\S")
_NOTES = re.compile(
    r"notes?\s+(?:to|for)\s+(?:the\s+)?editors?|editors?['’]?s?\s+notes?|notes|примечани[ея](?:\s+для\s+(?:редакторов|редакций|сми))?"
    r"|редакторам|к\s+сведению\s+редакторов|(?:редакторларға|редакторлар\s+үшін)(?:\s+ескерт(?:пе|у)\w*)?",
    re.IGNORECASE,
)
_LONGEST_CONTACT = 300  # characters of a heading with the whole contact on its line
_CONTACT = re.compile(
    r"(?P<heading>(?:(?:for\s+)?(?:media|press|news|pr)\s+)?contacts?(?:\s+(?:information|details|persons?|for\s+(?:media|press|the\s+media)))?"
    r"|(?:for\s+)?(?:media|press)\s+(?:e|i)nquiries|for\s+(?:more|further|additional)\s+information(?:,?\s+(?:please\s+)?contact)?"
    r"|(?:контакт\w*|контактная\s+информация|контактное\s+лицо)(?:\s+для\s+(?:сми|прессы|журналистов))?|для\s+(?:сми|прессы|журналистов)"
    r"|(?:за\s+)?дополнительн(?:ая|ой)\s+информаци(?:я|ей)(?:\s+обращаться|\s+обращайтесь)?|пресс-служба"
    r"|(?:бақ|баспасөз|журналистер|баспа\s+сөз)\s+(?:үшін(?:\s+байланыс\w*)?|байланыс\w*)|байланыс(?:\s+(?:үшін|деректері|тұлғасы|ақпараты|мәліметтері))?"
    r"|қосымша\s+ақпарат(?:\s+алу)?\s+үшін)\s*(?::|[–—-]\s|$)",
    re.IGNORECASE,
)


def is_status(line: str) -> bool:
    """Whether the line only says what this is and when it may run: "PRESS RELEASE No. 12, 22 January 2024"."""
    if len(line) > 100 or not _STATUS.search(line):
        return False
    rest = _STATUS.sub(" ", line)
    if found := dates.find(rest):
        rest = rest[: found.start] + rest[found.end :]
    return not re.search(r"\w", _NUMBER.sub("", rest))


def is_end(line: str) -> bool:
    """Whether the line is an end mark: ###, -30-, ENDS, КОНЕЦ."""
    return _END.fullmatch(line) is not None


def is_stars(line: str) -> bool:
    """Whether the line is "* * *": an end mark where nothing but sections follow, else a pause."""
    return _STARS.fullmatch(line) is not None


def is_slug(line: str) -> bool:
    """Whether the line says that another page follows: "-more-"."""
    return _SLUG.fullmatch(line) is not None


def is_about(line: str) -> bool:
    """Whether the line is the heading of the boilerplate: "About CICA", "О СВМДА", "АӨСШК туралы"."""
    return _ABOUT.fullmatch(line) is not None


def opens_boilerplate(paragraph: str) -> bool:
    """Whether the paragraph is boilerplate with its heading in the same line: "About CICA: the Conference …"."""
    return _ABOUT_INLINE.match(paragraph) is not None


def is_notes(line: str) -> bool:
    """Whether the line is the heading of the notes to editors."""
    return _NOTES.fullmatch(line.rstrip(" :")) is not None


def contact_heading(line: str) -> tuple[str, str] | None:
    """The heading of a contact block and what follows it on the line; None for any other line."""
    match = _CONTACT.match(line) if len(line) <= _LONGEST_CONTACT else None
    return (line[: match.end()].strip(), line[match.end() :].strip()) if match else None


def stands_alone(line: str) -> bool:
    """Whether the line is never part of a paragraph, even without empty lines around it."""
    tests = (is_status, is_end, is_stars, is_slug, is_notes)
    return any(test(line) for test in tests) or contact_heading(line) is not None
