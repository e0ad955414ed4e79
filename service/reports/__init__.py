"""Reports: read from the ledger alone, and one object behind the command, JSON, CSV and the pages."""

from service.reports.feedback import Rate, by_provider, rates
from service.reports.formats import as_csv, as_json
from service.reports.people import people_csv
from service.reports.reading import delivery
from service.reports.report import Count, DeliveryReport, Failure, Row

__all__ = [
    "Count",
    "DeliveryReport",
    "Failure",
    "Rate",
    "Row",
    "as_csv",
    "as_json",
    "by_provider",
    "delivery",
    "people_csv",
    "rates",
]
