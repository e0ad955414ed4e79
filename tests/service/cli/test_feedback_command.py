"""`dateline feedback read`, as a process without database or broker runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
BOUNCE = b"""From: MAILER-DAEMON@mx.example.org
Content-Type: message/delivery-status

Final-Recipient: rfc822; ben@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown
"""


def read(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from service.cli import main; main()", "feedback", "read", str(folder)]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)


def test_a_folder_is_read_file_by_file_without_a_database(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "bounce.eml").write_bytes(BOUNCE)
    (tmp_path / "answer.eml").write_bytes(b"From: ada@example.org\nIn-Reply-To: <1@x>\nSubject: yes\n\nyes\n")
    done = read(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    answer, bounce = map(json.loads, done.stdout.splitlines())
    assert (answer["file"], answer["kind"]) == ("answer.eml", "not-a-bounce")
    assert (bounce["file"], bounce["kind"]) == ("deeper/bounce.eml", "bounce")
    assert bounce["recipients"] == [
        {
            "address": "ben@example.org",
            "class": "hard",
            "action": "failed",
            "permanent": True,
            "status": "5.1.1",
            "reply": "550 5.1.1 User unknown",
            "reason": "The address does not exist",
            "verdict": "hard",
        }
    ]


def test_what_cannot_be_opened_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "gone.eml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "there.eml").write_bytes(BOUNCE)
    done = read(tmp_path)
    assert done.returncode == 1
    assert "gone.eml: No such file or directory" in done.stderr
    assert [json.loads(line)["file"] for line in done.stdout.splitlines()] == ["there.eml"]
