"""docs/faults.md names each fault case with the file of its tests: a case that is not tried cannot be claimed."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| (F\d\d) \|.*\| (test_\w+) \|$", re.MULTILINE)
MARK = re.compile(r'^@pytest\.mark\.fault\("(F\d\d)"\)$', re.MULTILINE)


def test_every_case_of_the_table_is_a_test_and_every_test_is_in_the_table() -> None:
    told = set(ROW.findall((ROOT / "docs" / "faults.md").read_text()))
    tried = {
        (case, file.stem)
        for file in (ROOT / "tests" / "faults").glob("test_*.py")
        for case in MARK.findall(file.read_text())
    }
    assert tried == told
