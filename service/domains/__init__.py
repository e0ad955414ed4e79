"""What DNS says about a domain we send from, and what its owner should change: a report of findings."""

from service.domains.check import check
from service.domains.finding import Finding, State, worst

__all__ = ["Finding", "State", "check", "worst"]
