"""XLSX and ODS: unpacked by a process of its own, which a bomb ends instead of us."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from service.imports.encoding import UnreadableFile, check_size

PROGRAM = Path(__file__).with_name("unpacking.py")
SECONDS = 60
LARGEST_OUTPUT = 150_000_000
"""Bytes of JSON: 200,000 rows of 700 characters."""
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_AS_CSV = "Save it again as XLSX or ODS, or as “CSV UTF-8”, and give that file."


def is_workbook(data: bytes) -> bool:
    """Whether the file is a spreadsheet itself. Raises UnreadableFile for those of before 2007."""
    if data.startswith(OLE):
        raise UnreadableFile(f"The file is an old (.xls) or a protected spreadsheet. {_AS_CSV}")
    return data.startswith(ZIP)


def kind(data: bytes) -> str:
    """ "ods" or "xlsx"."""
    # An OpenDocument begins with its type, not packed (OpenDocument 1.3, part 2, 3.3).
    return "ods" if b"mimetypeapplication/vnd.oasis" in data[:100] else "xlsx"


def first_sheet(data: bytes) -> tuple[str, int, list[tuple[int, list[str]]]]:
    """Name of the first visible sheet, how many there are beside it, and its rows that are not empty, by number.

    Raises UnreadableFile.
    """
    check_size(data)
    found = _unpacked(data)
    return found["name"], found["others"], [(number, cells) for number, cells in found["rows"]]


def _unpacked(data: bytes) -> Any:
    # -I: nothing of our environment or working folder is imported there.
    argv = [sys.executable, "-I", str(PROGRAM)]
    try:
        done = subprocess.run(argv, input=data, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - our own program
    except subprocess.TimeoutExpired:
        raise UnreadableFile(f"The spreadsheet takes too long to read. {_AS_CSV}") from None
    if done.returncode < 0 or b"MemoryError" in done.stderr:
        raise UnreadableFile(f"Unpacked, the spreadsheet is far too large. Delete what is not the list. {_AS_CSV}")
    if done.returncode or len(done.stdout) > LARGEST_OUTPUT:
        raise UnreadableFile(f"The spreadsheet is damaged, protected by a password, or none. {_AS_CSV}")
    return json.loads(done.stdout)
