"""The usual way to write such a service, to compare with: for each person Jinja2, EmailMessage, smtplib, one commit.

Run as `python -m bench.usual URL PORT PART PARTS FOLDER`: sends to its part of the recipients and prints what it took.
"""

import email
import email.policy
import json
import os
import smtplib
import subprocess
import sys
import time
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import jinja2
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from bench.measurement import Measurement, NotMeasured
from bench.sinks import HOST, Sink
from service.mail.compose import Person

PROCESSES = 2
NAME, OUTLET, LEAVE = "Namewortha Placeholder", "Outlet Placeholder Weekly", "https://leave.placeholder.example/"
ADDRESS = "placeholder@daily.example"


class Base(DeclarativeBase):
    """Its own table: nothing of the product's is touched."""


class Recipient(Base):
    """One person of the mailing."""

    __tablename__ = "usual_recipient"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str]
    name: Mapped[str]
    outlet: Mapped[str]
    state: Mapped[str] = mapped_column(default="queued")


@dataclass(frozen=True, slots=True)
class Parts:
    """The templates of the mail, the personal words in braces."""

    subject: jinja2.Template
    text: jinja2.Template
    html: jinja2.Template

    @classmethod
    def of(cls, folder: Path) -> "Parts":
        """Compiled once, with HTML escaping as for any page."""
        pages = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), autoescape=jinja2.select_autoescape())
        return cls(*(pages.get_template(name) for name in ("subject.txt", "body.txt", "body.html")))

    def mail(self, recipient: Recipient) -> EmailMessage:
        """One person's mail."""
        words = {"name": recipient.name, "outlet": recipient.outlet, "leave": f"https://leave.example/{recipient.id}"}
        mail = EmailMessage()
        mail["From"] = "Steppe Rivers Commission <press@rivers.example>"
        mail["To"] = recipient.address
        mail["Subject"] = self.subject.render(words)
        mail["List-Unsubscribe"] = f"<{words['leave']}>"
        mail.set_content(self.text.render(words))
        mail.add_alternative(self.html.render(words), subtype="html")
        return mail


def placeholder() -> Person:
    """Whose mail, composed by the product, becomes the templates of the usual way."""
    return Person(ADDRESS, NAME, OUTLET, "Water and rivers")


def write_templates(message: bytes, folder: Path) -> None:
    """The parts of the placeholder's mail, so that both ways send the same words."""
    mail = email.message_from_bytes(message, policy=email.policy.default)
    leave = str(mail["List-Unsubscribe"]).strip("<>")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "subject.txt").write_text(str(mail["Subject"]))
    for subtype, name in (("plain", "body.txt"), ("html", "body.html")):
        part = next(part for part in mail.walk() if part.get_content_subtype() == subtype)
        words = part.get_content().replace(NAME, "{{ name }}").replace(OUTLET, "{{ outlet }}")
        (folder / name).write_text(words.replace(leave, "{{ leave }}"))


def run(url: str, sink: Sink, people: list[Person], folder: Path) -> Measurement:
    """Send to these people by two processes; templates are in the folder. Raises NotMeasured."""
    _fill(url, people)
    argv = [sys.executable, "-m", "bench.usual", url, str(sink.port)]
    running = [
        subprocess.Popen([*argv, str(part), str(PROCESSES), str(folder)], cwd=_SOURCE, stdout=subprocess.PIPE)
        for part in range(PROCESSES)
    ]
    said = [process.communicate()[0] for process in running]
    if any(process.returncode for process in running):
        raise NotMeasured("a process of the usual way failed; it says why above")
    told = [json.loads(line) for line in said]
    seconds = max(one["ended"] for one in told) - min(one["began"] for one in told)
    sent = sum(one["messages"] for one in told)
    if sent != len(people):
        raise NotMeasured(f"the usual way sent {sent} of {len(people)} messages")
    return Measurement(sent, seconds, {"processes": sum(one["cpu"] for one in told)})


def _fill(url: str, people: list[Person]) -> None:
    engine = create_engine(url)
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        session.add_all(Recipient(address=one.address, name=one.name, outlet=one.outlet) for one in people)
        session.flush()
        session.execute(text("ANALYZE usual_recipient"))
    engine.dispose()


def send(url: str, port: int, part: int, parts: int, folder: Path) -> int:
    """Send to every recipient whose number leaves this remainder; how many."""
    templates = Parts.of(folder)
    # Kinder than the default, which reads each row again after each commit.
    with Session(create_engine(url), expire_on_commit=False) as session, smtplib.SMTP(HOST, port) as client:
        mine = select(Recipient).where(Recipient.state == "queued", Recipient.id % parts == part).order_by(Recipient.id)
        recipients = session.scalars(mine).all()
        for recipient in recipients:
            client.send_message(templates.mail(recipient))
            recipient.state = "accepted"
            session.commit()
    return len(recipients)


def main() -> None:
    """Send a part, then say when and at what cost."""
    url, port, part, parts, folder = sys.argv[1:]
    before, began = os.times(), time.time()
    sent = send(url, int(port), int(part), int(parts), Path(folder))
    after = os.times()
    cpu = after.user + after.system - before.user - before.system
    print(json.dumps({"messages": sent, "began": began, "ended": time.time(), "cpu": cpu}))


_SOURCE = Path(__file__).parents[1]

if __name__ == "__main__":
    main()
