"""Bounces and complaints: what feedback does to a delivery, to its person, and to a release that bounces too much."""

from service.bounces.alarm import pause_if_many
from service.bounces.applying import Applied, Effect, TooEarly, apply

__all__ = ["Applied", "Effect", "TooEarly", "apply", "pause_if_many"]
