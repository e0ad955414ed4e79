"""The throttle: how fast mail may leave, shared by all workers, kept in Valkey and never unlimited without it."""

from workers.sending.throttle.demand import Bucket, Demand, Grant, Kind, Throttle
from workers.sending.throttle.open import OpenThrottle
from workers.sending.throttle.valkey import ValkeyThrottle

__all__ = ["Bucket", "Demand", "Grant", "Kind", "OpenThrottle", "Throttle", "ValkeyThrottle"]
