"""Reports: read from the ledger alone, and one object behind the command, JSON, CSV and the pages."""

from service.reports.formats import as_csv, as_json
from service.reports.people import people_csv
from service.reports.reading import delivery
from service.reports.report import Count, DeliveryReport, Failure, Row

__all__ = ["Count", "DeliveryReport", "Failure", "Row", "as_csv", "as_json", "delivery", "people_csv"]
