"""The usual way sends the same words, or the comparison would be none."""

from email.message import EmailMessage
from pathlib import Path

from bench import usual
from bench.usual import LEAVE, NAME, OUTLET, Parts, Recipient


def test_the_usual_way_writes_the_same_mail_with_other_peoples_words(tmp_path: Path) -> None:
    model = EmailMessage()
    model["Subject"] = "River levels fall"
    model["List-Unsubscribe"] = f"<{LEAVE}>"
    model.set_content(f"Levels fell.\n{NAME}, {OUTLET}\n{LEAVE}\n")
    model.add_alternative(f"<p>Levels fell.</p><p>{NAME}</p><a href='{LEAVE}'>leave</a>", subtype="html")
    usual.write_templates(model.as_bytes(), tmp_path)

    cleo = Recipient(id=7, address="cleo@daily.example", name="Cleo <Reader>", outlet="Daily")
    mail = Parts.of(tmp_path).mail(cleo)

    text, html = (part.get_content() for part in mail.iter_parts())
    assert text == "Levels fell.\nCleo <Reader>, Daily\nhttps://leave.example/7\n"
    assert "<p>Cleo &lt;Reader&gt;</p><a href='https://leave.example/7'>" in html
    assert mail["Subject"] == "River levels fall"
