"""What real complaints, automatic answers and ordinary mails are read as, by the labels of the corpus."""

import time

from service.feedback import Kind, read
from tests.corpora import Labelled, labelled

LOUD = frozenset({Kind.BOUNCE, Kind.DELAY, Kind.COMPLAINT})
LEAST_PER_SECOND = 300


def kinds(one: Labelled) -> set[Kind]:
    return {event.kind for event in read(one.message)}


def test_every_real_complaint_is_one_and_names_who_complained() -> None:
    complaints = [one for one in labelled() if one.kind == "complaint"]
    assert {one.file for one in complaints if kinds(one) != {Kind.COMPLAINT}} == set()
    for one in complaints:
        named = {event.recipient.lower() for event in read(one.message)}
        assert all(spellings & named for spellings in one.addresses), one.file


def test_nothing_else_is_a_complaint() -> None:
    others = [one for one in labelled() if one.kind != "complaint"]
    assert {one.file for one in others if Kind.COMPLAINT in kinds(one)} == set()


def test_no_ordinary_mail_or_automatic_answer_is_a_failure() -> None:
    assert {one.file for one in labelled() if one.kind == "not-a-bounce" and kinds(one) & LOUD} == set()


def test_no_automatic_answer_or_challenge_is_a_person_s() -> None:
    answers = [one for one in labelled() if one.kind == "not-a-bounce" and one.addresses]
    assert {one.file for one in answers if kinds(one) != {Kind.AUTO_REPLY}} == set()


def test_three_hundred_a_second_are_read_by_one_core() -> None:
    messages = [one.message for one in labelled()]
    began = time.process_time()
    for message in messages:
        read(message)
    assert len(messages) / (time.process_time() - began) > LEAST_PER_SECOND
