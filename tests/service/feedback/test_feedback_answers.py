"""Answers: robots', people's, and which of the two a mail is."""

from email.header import Header

import pytest

from service.feedback import Event, Kind, Verdict, read


def mail(*headers: str, sender: str = "Ben <ben@example.org>", body: str = "I am away.") -> Event:
    text = "\n".join((f"From: {sender}", *headers, "", body, ""))
    (event,) = read(text.encode())
    return event


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; x=1",
        "AUTO-SUBMITTED:auto-notified",
        "Precedence: auto_reply",
        "X-Autoreply: yes",
        "X-Autorespond:",
        "X-Precedence: auto_reply",
        "Delivered-To: Autoresponder",
        "X-Mailer: vacation 1.2.7",
        "X-Apple-Action: VACATION",
        "Subject: Automatic reply: ASTANA, 22 January",
        "Subject: =?utf-8?B?0JDQstGC0L7QvtGC0LLQtdGC?=: news",
        "Subject: Out of the office until Monday",
        "Subject: Re: news (Automatic Response)",
    ],
)
def test_a_robot_s_answer_is_an_auto_reply(header: str) -> None:
    event = mail(header, "In-Reply-To: <1@dateline.test>", "Return-Path: <ben@example.org>")
    assert (event.kind, event.recipient) == (Kind.AUTO_REPLY, "ben@example.org")
    assert not event.permanent
    assert event.verdict is None


@pytest.mark.parametrize(
    "subject",
    [
        "Out of Office: River levels",
        "Auto-Reply: River levels",
        "I am on annual leave Re: River levels",
        "Automatische Antwort: Pegel",
        "Abwesenheitsnotiz: Pegel",
        "Réponse automatique : niveaux",
        "Absent du bureau : niveaux",
        "Respuesta automática: niveles",
        "Fuera de la oficina: niveles",
        "Risposta automatica: livelli",
        "Resposta automática: níveis",
        "Automatisch antwoord: peilen",
        "[Automatyczna odpowiedź] poziomy",
        "Автоматический ответ: уровни",
        "Автоответ: уровни",
        "В отпуске до понедельника",
        "Автоматична відповідь: рівні",
        "Автоматты жауап: өзен деңгейі",
        "Еңбек демалысындамын",
        "自動返信: 河川",
        "【自動応答】河川",
        "不在のお知らせ",
        "自动回复: 水位",
        "自動回覆：水位",
        "자동 회신: 수위",
        "Otomatik yanıt: seviye",
    ],
)
def test_the_subject_of_an_absence_is_known_in_many_languages(subject: str) -> None:
    named = Header(subject, "utf-8").encode()
    assert mail(f"Subject: {named}", "In-Reply-To: <1@dateline.test>").kind is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Out of office rents rise in Almaty",
        "Re: В отпуске до понедельника: сколько стоит отдых",
        "AW: Urlaub an der Ostsee",
        "Vacations are getting shorter",
        "Office moves out of Astana",
    ],
)
def test_a_person_may_write_about_holidays(subject: str) -> None:
    named = Header(subject, "utf-8").encode()
    assert mail(f"Subject: {named}", "In-Reply-To: <1@dateline.test>").kind is Kind.REPLY


def test_bulk_from_nobody_is_a_machine_s_thanks() -> None:
    event = mail("Return-Path: <>", "Precedence: bulk", "Subject: Thank you for your e-mail")
    assert (event.kind, event.recipient) == (Kind.AUTO_REPLY, "ben@example.org")


CHALLENGES = (
    "This account is protected by Gate. Click on http://gate.example/1 to have your mail let through.",
    "Please follow the link to have your address added to the recipient's\nallowed list: https://gate.example/1",
    "Your message has been held until you confirm it. Visit https://gate.example/1",
    "Please verify that you are a human: https://gate.example/1",
    "Подтвердите, что вы не робот: https://gate.example/1",
)


@pytest.mark.parametrize("body", CHALLENGES)
def test_a_challenge_is_no_person_s_answer_though_it_names_our_mail(body: str) -> None:
    event = mail("Subject: Re: news", "In-Reply-To: <1@dateline.test>", body=body)
    assert (event.kind, event.reason) == (Kind.AUTO_REPLY, "A challenge: it wants to know who writes")


def test_a_marked_challenge_needs_no_words() -> None:
    assert mail("X-Bluebottle-Request: <1>", "Subject: RE: news", body="?").kind is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    "body", [*(f"Ben writes:\n\n> {one}" for one in CHALLENGES[:1]), "We put you on our white list."]
)
def test_a_person_may_quote_a_challenge(body: str) -> None:
    assert mail("In-Reply-To: <1@dateline.test>", body=body).kind is Kind.REPLY


BOUNCE = "Delivery to the following recipient failed permanently:\n\n  cleo@example.org\n\n550 5.1.1 User unknown\n"


def test_a_person_who_quotes_a_bounce_answers_all_the_same() -> None:
    quoted = "".join(f"> {line}\n" for line in BOUNCE.splitlines())
    event = mail("References: <1@dateline.test>", "Subject: Re: news", body=f"Look what came back:\n\n{quoted}")
    assert (event.kind, event.recipient, event.verdict) == (Kind.REPLY, "ben@example.org", None)


def test_a_person_s_answer_is_a_reply() -> None:
    event = mail("In-Reply-To: <1@dateline.test>", "Subject: Re: news", "Auto-Submitted: no", body="550 User unknown")
    assert (event.kind, event.recipient, event.reply) == (Kind.REPLY, "ben@example.org", "Re: news")


@pytest.mark.parametrize(
    "header", ["Return-Path: <>", "Precedence: bulk", "List-Id: <press.example.org>", "Content-Type: multipart/report"]
)
def test_what_no_person_sends_is_no_reply(header: str) -> None:
    assert mail(header, "In-Reply-To: <1@dateline.test>").kind is Kind.UNKNOWN


@pytest.mark.parametrize("sender", ["noreply@example.org", "do-not-reply@example.org", ""])
def test_nobody_s_address_answers_nothing(sender: str) -> None:
    assert mail("In-Reply-To: <1@dateline.test>", sender=sender).kind is Kind.UNKNOWN


def test_a_challenge_names_no_mail_and_is_no_reply() -> None:
    assert mail("Subject: RE: news", body="Click here to let your mail through").kind is Kind.UNKNOWN


@pytest.mark.parametrize("sender", ["MAILER-DAEMON", "Mail <MAILER-DAEMON@example.org>", "postmaster@example.org"])
def test_a_mail_system_that_names_nobody_calls_nobody_dead(sender: str) -> None:
    event = mail("Auto-Submitted: auto-replied", "Subject: Returned mail", sender=sender, body="550 User unknown")
    assert (event.kind, event.recipient, event.verdict) == (Kind.BOUNCE, "", Verdict.DISABLED)


def test_a_list_of_failed_addresses_makes_no_auto_reply() -> None:
    assert mail("X-Failed-Recipients: cleo@example.org", "Auto-Submitted: auto-replied").kind is Kind.UNKNOWN


def test_an_encoded_subject_of_no_known_charset_stays_as_it_is() -> None:
    subject = "=?x-klingon?B?bnVxbmVI?="
    assert mail(f"Subject: {subject}", "References: <1@dateline.test>").reply == subject
