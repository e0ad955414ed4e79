"""The demonstration: an invented press office whose release goes to an invented press corps, for real."""

from service.demo.office import Office, fill, open_office, returns_to_come, send
from service.demo.population import populate

__all__ = ["Office", "fill", "open_office", "populate", "returns_to_come", "send"]
