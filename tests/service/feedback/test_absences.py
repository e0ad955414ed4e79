"""Until when somebody is away, as people write it."""

from datetime import date
from email.header import Header

import pytest

from service.feedback import Event, Kind, read

SENT = "Mon, 22 Jan 2024 09:00:00 +0500"


def away(body: str, *headers: str, subject: str = "Automatic reply: River levels", sent: str = SENT) -> Event:
    named = Header(subject, "utf-8", maxlinelen=900).encode()
    lines = ("From: Ben <ben@daily.example>", f"Date: {sent}", f"Subject: {named}", "Auto-Submitted: auto-replied")
    (event,) = read("\n".join((*lines, *headers, "", body)).encode())
    assert event.kind is Kind.AUTO_REPLY
    return event


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("I am away until 5 February 2024.", "2024-02-05"),
        ("I will be back in the office on Monday, February 5th.", "2024-02-05"),
        ("I am out of the office through Feb 2. For anything urgent call the desk.", "2024-02-02"),
        ("I will be travelling from 25 January to 9 February and read no mail.", "2024-02-09"),
        ("I will be on leave January 25-31.", "2024-01-31"),
        ("Returning 2024-03-01.", "2024-03-01"),
        ("I am away until Monday.", "2024-01-29"),
        ("Ich bin bis zum 5. Februar nicht im Büro.", "2024-02-05"),
        ("Ich bin vom 22.01. bis einschließlich 02.02.2024 abwesend.", "2024-02-02"),
        ("Ab dem 05.02. bin ich zurück.", None),
        ("Ich bin am 5.2.2024 wieder da, zurück am 05.02.2024.", "2024-02-05"),
        ("Je suis absent du bureau jusqu'au 5 février inclus.", "2024-02-05"),
        ("Absente du 1er au 9 février.", "2024-02-09"),
        ("Estaré fuera de la oficina hasta el 5 de febrero de 2024.", "2024-02-05"),
        ("Vuelvo el lunes.", "2024-01-29"),
        ("Sono in ferie fino al 5 febbraio.", "2024-02-05"),
        ("Estou de férias até 5 de fevereiro.", "2024-02-05"),
        ("Ik ben afwezig tot 5 februari.", "2024-02-05"),
        ("Jestem na urlopie do 5 lutego.", "2024-02-05"),
        ("Я в отпуске до 5 февраля включительно.", "2024-02-05"),
        ("Отсутствую с 25 января по 9 февраля.", "2024-02-09"),
        ("Меня не будет в офисе, вернусь в понедельник.", "2024-01-29"),
        ("Буду на работе 05.02.2024.", "2024-02-05"),
        ("Мен 5 ақпанға дейін еңбек демалысындамын.", "2024-02-05"),
        ("2月5日まで休暇をいただいております。", "2024-02-05"),
        ("我将于1月22日至2月5日休假。", "2024-02-05"),
        ("我休假到2024年2月5日。", "2024-02-05"),
        ("2월 5일까지 휴가입니다.", "2024-02-05"),
    ],
)
def test_the_day_is_read_in_many_languages(said: str, day: str | None) -> None:
    event = away(said)
    assert event.until == (date.fromisoformat(day) if day else None)
    assert ("away until" in event.reason) is bool(day)


@pytest.mark.parametrize(
    "said",
    [
        "I am away.",
        "I am away from 5 February.",
        "On 5 February our office moved.",
        "I am away until 5/6.",
        "I am away until 99 February.",
        "I am away until 22 January 2023.",
        "I am away until 5 February 9999.",
        "Call +7 701 234 5 or write until we answer.",
    ],
)
def test_what_is_not_said_clearly_is_not_guessed(said: str) -> None:
    assert away(said).until is None


def test_a_day_without_a_year_is_the_next_such_day() -> None:
    assert away("Back on 8 January.", sent="Fri, 29 Dec 2023 09:00:00 +0000").until == date(2024, 1, 8)


def test_without_a_date_of_its_own_only_a_whole_date_counts() -> None:
    assert away("Away until 5 February.", sent="yesterday").until is None
    assert away("Away until 5 February 2024.", sent="yesterday").until == date(2024, 2, 5)


def test_the_subject_speaks_before_the_text() -> None:
    event = away("Until 1 March nobody reads this.", subject="Away until February 5")
    assert event.until == date(2024, 2, 5)


def test_the_mail_it_quotes_says_nothing_of_its_author() -> None:
    quoted = "On Monday, Ada wrote:\n> The dam is closed until 5 February."
    assert away(f"I am away.\n\n{quoted}").until is None


def test_it_is_read_out_of_a_page_too() -> None:
    page = "<html><head><style>p{}</style></head><body><p>Away</p><p>until 5&nbsp;February</p></body></html>"
    assert away(page, "Content-Type: text/html; charset=utf-8").until == date(2024, 2, 5)


def test_apple_says_it_in_a_header() -> None:
    criteria = "X-Apple-Criteria: {kind=VACATION,startDate=2024-01-20T15:00:00Z,endDate=2024-02-05T14:59:59Z}"
    assert away("I sleep.", criteria).until == date(2024, 2, 5)


@pytest.mark.parametrize("sent", ["Fri, 31 Dec 9999 23:59:59 +0000", "0 0 0", "Mon, 99 Foo 2024", "Mon, 22 Jan -1"])
def test_no_date_breaks_the_reading(sent: str) -> None:
    assert away("Away until Monday, until 1 January, until 29 February", sent=sent).until is None
