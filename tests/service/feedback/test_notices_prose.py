"""Plain words in several languages, what nobody's table knows, and what only looks like a notice."""

import pytest

from service.feedback import Kind, Verdict
from tests.service.feedback.notes import RETURNED, notice, said

B, V = Kind.BOUNCE, Verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("You sent mail to ben@rivers.example. That's not a valid user here.", V.HARD),
        (
            "Sorry, we could not deliver your message to the following address:\n\nben@rivers.example\n\nUser unknown",
            V.HARD,
        ),
        ("Your mail to ben@rivers.example could not be delivered: the mailbox is full.", V.FULL),
        (
            (
                "Ihre Nachricht an folgende Empfänger konnte nicht zugestellt"
                " werden:\n\nben@rivers.example\nUnbekannter Empfänger"
            ),
            V.HARD,
        ),
        ("Die Nachricht an ben@rivers.example konnte nicht zugestellt werden: Das Postfach ist voll.", V.FULL),
        (
            (
                "Votre message n'a pas pu être remis aux destinataires suivants :\n\nben@rivers.example\nBoîte aux"
                " lettres pleine"
            ),
            V.FULL,
        ),
        ("Le message n'a pas été remis à :\n\n<ben@rivers.example> : utilisateur inconnu", V.HARD),
        (
            (
                "Su mensaje no pudo ser entregado a los siguientes destinatarios:\n\nben@rivers.example: El buzón está"
                " lleno"
            ),
            V.FULL,
        ),
        ("No se pudo entregar el mensaje a la dirección ben@rivers.example: el usuario no existe.", V.HARD),
        (
            (
                "Sua mensagem não pôde ser entregue aos seguintes destinatários:\n\nben@rivers.example\nUsuário"
                " desconhecido"
            ),
            V.HARD,
        ),
        (
            "Il messaggio non è stato recapitato ai seguenti destinatari:\n\nben@rivers.example\nUtente sconosciuto",
            V.HARD,
        ),
        ("Ваше письмо не может быть доставлено получателю:\n\nben@rivers.example\nПочтовый ящик переполнен", V.FULL),
        ("Ваше письмо не доставлено на адрес ben@rivers.example: пользователь не найден.", V.HARD),
        ("您的邮件无法投递到以下收件人:\n\n<ben@rivers.example>: 用户不存在", V.HARD),
        ("抱歉,您发给 ben@rivers.example 的邮件被退回,原因:邮箱已满", V.FULL),
        ("以下の宛先にメールを送信できませんでした。\n\nben@rivers.example\nメールボックスの容量が一杯です", V.FULL),
    ],
)
def test_plain_words_are_understood(text: str, verdict: Verdict) -> None:
    message = notice(f"{text}\n", sender="postmaster@rivers.example", subject="Mail could not be delivered")
    assert said(message) == [(B, "ben@rivers.example", verdict)]


@pytest.mark.parametrize(
    "subject",
    ["Unzustellbar: news", "Échec de la remise", "Correo devuelto", "Возврат почты", "系统退信", "Returned mail: x"],
)
def test_a_subject_tells_a_notice_from_who_writes_without_a_name(subject: str) -> None:
    text = "Delivery to ben@rivers.example failed: user unknown\n"
    assert said(notice(text, sender="gate@rivers.example", subject=subject))[0][:2] == (B, "ben@rivers.example")


def test_words_of_a_stranger_call_nobody_dead() -> None:
    message = notice(
        "Something went wrong: user unknown.\n", "X-Failed-Recipients: ben@rivers.example, cleo@rivers.example"
    )
    assert [one[1] for one in said(message)] == ["ben@rivers.example", "cleo@rivers.example"]
    assert {one[2] for one in said(message)} == {V.DISABLED}


def test_a_failure_that_names_nobody_is_still_one() -> None:
    assert said(notice("<<< No Message Collected >>>\n", subject="Returned mail: see transcript"))[0][:2] == (B, "")


def test_who_writes_and_who_is_written_to_did_not_fail() -> None:
    text = (
        "Your message to ben@rivers.example could not be delivered.\n\nQuestions? Write to postmaster@rivers.example.\n"
    )
    assert [one[1] for one in said(notice(text, sender="postmaster@rivers.example"))] == ["ben@rivers.example"]


def test_a_forwarded_notice_is_read_where_nothing_is_answered() -> None:
    quoted = "> From: Mail Delivery Subsystem <MAILER-DAEMON>\n> Subject: Returned mail\n>\n"
    quoted += "> Final-Recipient: RFC822; ben@rivers.example\n> Action: failed\n> Status: 5.1.1\n"
    quoted += "> Diagnostic-Code: SMTP; 550 5.1.1 User unknown\n"
    message = notice(
        f"See below.\n\n{quoted}", sender="ada@dateline.test", subject="Fwd: Returned mail: see transcript"
    )
    assert said(message) == [(B, "ben@rivers.example", V.HARD)]


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        ("ada@rivers.example", "Re: Delivery failure", "I got this:\n\n<ben@rivers.example>: User unknown\n"),
        ("ada@rivers.example", "Lunch", "Your mail to ben@rivers.example could not be delivered, she says.\n"),
        (
            "shop@rivers.example",
            "Your delivery",
            "Your parcel could not be delivered to the following address: 1 Road.\n",
        ),
        ("ada@rivers.example", "Away until May", "I no longer work here. Write to ben@rivers.example.\n"),
    ],
)
def test_what_people_write_is_no_notice(sender: str, subject: str, text: str) -> None:
    message = notice(text, "In-Reply-To: <1@dateline.test>", sender=sender, subject=subject)
    assert [one[0] for one in said(message)] in ([Kind.REPLY], [Kind.UNKNOWN], [Kind.AUTO_REPLY])


def test_the_quoted_original_names_no_recipient() -> None:
    text = f"<ben@rivers.example>:\nunknown user\n\n--- Below this line is a copy of the message.\n\n{RETURNED}\n"
    text = "I wasn't able to deliver your message to the following addresses.\n\n" + text.replace(
        "It is.", "Ask cleo@rivers.example"
    )
    assert [one[1] for one in said(notice(text, subject="failure notice"))] == ["ben@rivers.example"]
