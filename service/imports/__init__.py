"""People from files: read the bytes, check what would happen in numbers, apply it.

`check` and `apply` do it in one transaction; `files` is a file that an officer takes through step by step.
"""

from service.imports.encoding import UnreadableFile
from service.imports.journalists import NoLegalBasis, Report, apply, check
from service.imports.people import Fault
from service.imports.running import step
from service.imports.table import BadTable, Row, Table, read

__all__ = [
    "BadTable",
    "Fault",
    "NoLegalBasis",
    "Report",
    "Row",
    "Table",
    "UnreadableFile",
    "apply",
    "check",
    "read",
    "step",
]
