"""The words for where a delivery stands: one table for pages, commands, CSV and JSON. Say accepted, never delivered."""

from service.models import DeliveryState, Exclusion

STATES: dict[DeliveryState, str] = {
    DeliveryState.ACCEPTED: "accepted by the mail server",
    DeliveryState.QUEUED: "waiting",
    DeliveryState.ATTEMPTING: "being handed over",
    DeliveryState.DEFERRED: "deferred, will be tried again",
    DeliveryState.UNCERTAIN: "uncertain: the connection was lost at the end",
    DeliveryState.FAILED: "failed",
    DeliveryState.BOUNCED: "accepted, then bounced",
    DeliveryState.COMPLAINED: "accepted, then complained about",
    DeliveryState.EXCLUDED: "excluded",
    DeliveryState.CANCELLED: "cancelled before it was sent",
}
EXCLUSIONS: dict[Exclusion, str] = {
    Exclusion.UNSUBSCRIBED: "unsubscribed",
    Exclusion.UNCONFIRMED: "subscription not confirmed",
    Exclusion.SUPPRESSED: "address suppressed",
    Exclusion.RESTING: "address at rest after a refusal",
    Exclusion.DO_NOT_CONTACT: "asked not to be contacted",
    Exclusion.ERASED: "asked to be erased",
    Exclusion.PAUSED: "paused by themselves",
    Exclusion.DIGEST: "left for their digest",
    Exclusion.NOT_SUBSCRIBED: "on a list, but subscribed to none of the topics",
    Exclusion.FREQUENCY_CAP: "had as many releases as one may get of late",
}
COLUMNS: dict[str, frozenset[DeliveryState]] = {
    "accepted": frozenset({DeliveryState.ACCEPTED, DeliveryState.COMPLAINED}),
    "waiting": frozenset(
        {DeliveryState.QUEUED, DeliveryState.ATTEMPTING, DeliveryState.DEFERRED, DeliveryState.UNCERTAIN}
    ),
    "failed": frozenset({DeliveryState.FAILED}),
    "bounced": frozenset({DeliveryState.BOUNCED}),
    "excluded": frozenset({DeliveryState.EXCLUDED, DeliveryState.CANCELLED}),
}
"""The columns of a breakdown; each state is in exactly one. Who complained has it; the cancelled were left out."""
NAMELESS = {
    "topic": "no topic",
    "outlet": "no outlet",
    "country": "no country",
    "language": "no language",
    "domain": "no domain",
}
"""What stands in a breakdown where nothing is known."""
