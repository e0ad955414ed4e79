"""The dateline in the orders, languages and with the dashes people use."""

from datetime import date

import pytest

from service.manuscripts import datelines, dates

DAY = date(2024, 1, 22)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("Astana, 22 January 2024 – ", "Astana"),
        ("Astana, 22 January 2024 - ", "Astana"),
        ("Astana, 22 January 2024 — ", "Astana"),
        ("Astana, 22 January 2024 ― ", "Astana"),
        ("Astana, 22 January 2024 -- ", "Astana"),
        ("Astana, 22 January 2024: ", "Astana"),
        ("Astana, 22 January 2024. ", "Astana"),
        ("Astana, Monday, 22nd January 2024 – ", "Astana"),
        ("ASTANA (Reuters) – 22 January 2024 – ", "ASTANA"),
        ("ASTANA, Kazakhstan, Jan. 22, 2024 — ", "ASTANA, Kazakhstan"),
        ("ASTANA, Kazakhstan, Jan. 22, 2024 /PRNewswire/ -- ", "ASTANA, Kazakhstan"),
        ("ASTANA, Kazakhstan, January 22, 2024 (GLOBE NEWSWIRE) -- ", "ASTANA, Kazakhstan"),
        ("Astana, Kazakhstan – 22.01.2024 – ", "Astana, Kazakhstan"),
        ("Rio de Janeiro, 2024-01-22 – ", "Rio de Janeiro"),
        ("22 January 2024, Astana – ", "Astana"),
        ("Monday, 22 January 2024, Ust-Kamenogorsk - ", "Ust-Kamenogorsk"),
        ("January 22, 2024 – Astana – ", "Astana"),
        ("22 January 2024, Astana. ", "Astana"),
        ("Астана, 22 января 2024 года – ", "Астана"),
        ("АСТАНА. 22 января 2024 г. ", "АСТАНА"),
        ("г. Астана, 22 января 2024 г. — ", "Астана"),
        ("22 января 2024 года, Нур-Султан – ", "Нур-Султан"),
        ("Астана, 2024 жылғы 22 қаңтар – ", "Астана"),
        ("2024 жылғы 22 қаңтар, Астана – ", "Астана"),
        ("2024 ж. 22 қаңтарда, Астана қаласы – ", "Астана қаласы"),
        ("أستانا، 22 January 2024 – ", "أستانا،"),
    ],
)
def test_a_dateline_is_a_place_and_a_date_in_any_order(written: str, place: str) -> None:
    cut = datelines.split(written + "The Commission met – at last.")
    assert cut is not None
    dateline, rest = cut
    assert (dateline.place, dateline.date, dateline.raw) == (place, DAY, written.strip())
    assert rest == "The Commission met – at last."


@pytest.mark.parametrize(
    "alone", ["Astana, 22 January 2024", "22 января 2024 г., Астана.", "(Astana, 22 January 2024)"]
)
def test_a_dateline_may_stand_alone(alone: str) -> None:
    cut = datelines.split(alone)
    assert cut is not None
    assert (cut[0].raw, cut[1]) == (alone, "")


@pytest.mark.parametrize(
    "sentence",
    [
        "On 22 January 2024 the ministers met in Astana – all of them.",
        "On Monday, 22 January 2024 – a cold day – the ministers met.",
        "In Astana, 22 January 2024 – a cold day.",
        "The Rally of Astana, 22 January 2024 – said Ben.",
        "The conference held in Astana on 22 January 2024 – the third one – ended.",
        "22 January 2024 was a cold day in Astana – very cold.",
        "Astana, 22 January 2024, the ministers met.",
        "22 January 2024, " + "Astana " * 40 + "– too many towns.",
        "Astana, 22 January – the year is missing.",
        "Astana, 31 February 2024 – no such day.",
        "Astana, 04/03/2024 – March or April?",
        "В Астане 22 января 2024 года – холодный день – встретились министры.",
        "Astana – no date at all.",
    ],
)
def test_a_sentence_with_a_date_is_no_dateline(sentence: str) -> None:
    assert datelines.split(sentence) is None


def test_a_date_with_slashes_counts_when_it_can_be_read_in_one_way_only() -> None:
    assert [found.date for text in ("22/01/2024", "01/22/2024") if (found := dates.find(text))] == [DAY, DAY]
    assert dates.find("03/04/2024") is None


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize(
    "names",
    [
        "January February March April May June July August September October November December",
        "Jan. Feb. Mar. Apr. May Jun. Jul. Aug. Sept. Oct. Nov. Dec.",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "Январь Февраль Март Апрель Май Июнь Июль Август Сентябрь Октябрь Ноябрь Декабрь",
        "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
        "ҚАҢТАРДА АҚПАНДА НАУРЫЗДА СӘУІРДЕ МАМЫРДА МАУСЫМДА ШІЛДЕДЕ ТАМЫЗДА ҚЫРКҮЙЕКТЕ ҚАЗАНДА ҚАРАШАДА ЖЕЛТОҚСАНДА",
    ],
)
def test_every_month_is_known_in_three_languages(names: str, month: int) -> None:
    found = dates.find(f"7 {names.split()[month - 1]} 2025")
    assert found is not None
    assert found.date == date(2025, month, 7)
