"""Exchange, Office 365, Domino, GroupWise: what office servers write, in the languages they write it in."""

import pytest

from service.feedback import Kind, Verdict
from tests.service.feedback.notes import RETURNED, notice, said

B, V = Kind.BOUNCE, Verdict


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        (
            "    The recipient name is not recognized\n\tMSEXCH:IMS:OFFICE:MAIN:MX 0 (000C05A6) Unknown Recipient",
            V.HARD,
        ),
        ("    The e-mail account does not exist at the organization this message was sent to.", V.HARD),
        ("            The message size exceeds the maximum allowed for this recipient", V.SIZE),
        ("            The recipient's mailbox is full\n            <mx.rivers.example #5.2.2>", V.FULL),
        ("            You do not have permission to send to this recipient.\n            <mx #5.7.1>", V.POLICY),
        ("            <mx.rivers.example #5.1.1 smtp;550 5.1.1 <ben@rivers.example>... User unknown>", V.HARD),
        ("            <mx.rivers.example #4.4.7>", V.SOFT),
    ],
)
def test_exchange_5_to_2003(words: str, verdict: Verdict) -> None:
    text = f"""Your message

  To:      ben@rivers.example
  Subject: The river is back
  Sent:    Thu, 9 May 2005 23:34:45 +0900

did not reach the following recipient(s):

ben@rivers.example on Thu, 9 May 2005 23:34:45 +0900
{words}
"""
    message = notice(text, sender="System Administrator <postmaster@office.example>", subject="Undeliverable: news")
    assert said(message) == [(B, "ben@rivers.example", verdict)]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##", V.HARD),
        ("#< #5.1.10 smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found> #SMTP#", V.HARD),
        ("#550 5.2.2 STOREDRV.Deliver; mailbox full ##", V.FULL),
        ("#550 5.7.1 RESOLVER.RST.AuthRequired; authentication required ##", V.POLICY),
        ("#550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient ##", V.SIZE),
        ("Remote Server returned '550 5.4.1 Recipient address rejected: Access denied'", V.HARD),
        ("#550 4.4.7 QUEUE.Expired; message expired ##", V.SOFT),
    ],
)
def test_exchange_since_2007_diagnoses(answer: str, verdict: Verdict) -> None:
    text = f"""Delivery has failed to these recipients or distribution lists:

Ben Rivers (ben@rivers.example)<mailto:ben@rivers.example>
The recipient could not be reached.

Diagnostic information for administrators:

Generating server: mx.office.example

ben@rivers.example
{answer}

Original message headers:

{RETURNED}
"""
    sender = "Microsoft Exchange <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@office.example>"
    assert said(notice(text, sender=sender, subject="Undeliverable: news")) == [(B, "ben@rivers.example", verdict)]


@pytest.mark.parametrize(
    "opening",
    [
        "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Verteilerlisten:",
        "Échec de la remise aux destinataires ou listes de distribution suivants :",
        "Error de entrega a los siguientes destinatarios o grupos:",
        "Recapito non riuscito ai seguenti destinatari o gruppi:",
        "Falha na entrega a estes destinatários ou grupos:",
        "Сбой доставки следующим получателям или группам:",
        "次の受信者またはグループへの配信に失敗しました:",
        "Delivery has failed to these recipients or groups:",
    ],
)
def test_exchange_in_other_languages(opening: str) -> None:
    text = (
        f"{opening}\n\nben@rivers.example<mailto:ben@rivers.example>\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not"
        f" found\n"
    )
    message = notice(text, sender="Postmaster <postmaster@office.example>", subject="Unzustellbar: news")
    assert said(message) == [(B, "ben@rivers.example", V.HARD)]


def test_office_365_in_html_alone() -> None:
    page = """<html><head><style>p {color: red}</style></head><body>
<p>Your message to <a href="mailto:ben@rivers.example">ben@rivers.example</a> couldn't be delivered.</p>
<p><b>ben</b> wasn't found at rivers.example.</p><table><tr><td>Unknown To address</td></tr></table>
<p>Remote Server returned &#39;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found&#39;</p></body></html>"""
    message = notice(page, sender="postmaster@office.example", subject="Undeliverable: news")
    assert said(message.replace(b"text/plain", b"text/html")) == [(B, "ben@rivers.example", V.HARD)]


def test_delivery_to_the_following_recipients_failed() -> None:
    text = "This is an automatically generated Delivery Status Notification.\n\n"
    failed = (
        text + "Delivery to the following recipients failed.\n\n       ben@rivers.example\n       cleo@rivers.example\n"
    )
    assert [one[1] for one in said(notice(failed, sender="postmaster@office.example"))] == [
        "ben@rivers.example",
        "cleo@rivers.example",
    ]
    delayed = text + "THIS IS A WARNING MESSAGE ONLY.\n\nDelivery to the following recipients has been delayed.\n\n"
    assert said(notice(delayed + "       ben@rivers.example\n"))[0][:2] == (Kind.DELAY, "ben@rivers.example")


@pytest.mark.parametrize(
    ("to", "because"),
    [
        ("was not delivered to:", "because:"),
        ("wurde nicht zugestellt an:", "weil:"),
        ("n'a pas été distribué à :", "Motif :"),
        ("no se entregó a:", "porque:"),
        ("non è stato consegnato a:", "perché:"),
    ],
)
def test_domino_says_to_whom_and_why(to: str, because: str) -> None:
    text = f"""Your message

  Subject: The river is back

{to}

  ben@rivers.example

{because}

  User ben (ben@rivers.example) not listed in Domino Directory
"""
    assert said(notice(text, sender="Postmaster@rivers.example", subject="DELIVERY FAILURE: news")) == [
        (B, "ben@rivers.example", V.HARD)
    ]


def test_domino_knows_a_full_mailbox() -> None:
    text = "Your message\n\n  Subject: x\n\nwas not delivered to:\n\n  ben@rivers.example\n\nbecause:\n\n"
    over = text + (
        "  Error delivering to RIVERS/Office mail\\ben.nsf; User's mail file is over quota; database is over disk"
        " quota\n"
    )
    assert said(notice(over, subject="DELIVERY FAILURE: over quota")) == [(B, "ben@rivers.example", V.FULL)]


def test_groupwise() -> None:
    text = "The message that you sent was undeliverable to the following:\n\tben@rivers.example (user not found)\n"
    assert said(notice(text, subject="Message status - undeliverable")) == [(B, "ben@rivers.example", V.HARD)]
