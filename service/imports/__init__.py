"""People from files: read the bytes, check what would happen in numbers, apply it in one transaction."""

from service.imports.encoding import UnreadableFile
from service.imports.journalists import NoLegalBasis, Report, apply, check
from service.imports.people import Fault
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
]
