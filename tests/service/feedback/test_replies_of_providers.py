"""What servers all over the world answer, in their wordings and languages: `written/replies.txt`, a reply a line."""

from pathlib import Path

from service.feedback import quoted
from service.feedback.smtp_reply import classify

REPLIES = Path(__file__).parent / "written" / "replies.txt"


def test_each_reply_is_understood() -> None:
    wrong = []
    for line in REPLIES.read_text(encoding="utf-8").splitlines():
        verdict, stage, reply = line.split("|", 2)
        reading = classify(quoted.code(reply), quoted.enhanced(reply), reply, stage)
        if reading.verdict != verdict:
            wrong.append(f"{verdict}, read as {reading.verdict}: {reply}")
    assert wrong == []
