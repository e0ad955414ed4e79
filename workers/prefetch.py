"""What a worker has in hand, counted rightly when the broker is away."""

from typing import Any

from kombu.transport import redis, virtual


class Prefetch(redis.QoS):
    """An acknowledgement that the broker does not hear gives up its place all the same.

    kombu 5.7 leaves such a message counted as in hand for as long as the channel lives, and a worker with as many of
    them as it may prefetch reads no queue again. The broker still has the message and hands it out anew, which every
    task bears.
    """

    def ack(self, delivery_tag: Any) -> None:
        try:
            super().ack(delivery_tag)
        except redis.Transport.connection_errors:
            virtual.QoS.ack(self, delivery_tag)
            raise

    def reject(self, delivery_tag: Any, requeue: bool = False) -> None:
        try:
            super().reject(delivery_tag, requeue=requeue)
        except redis.Transport.connection_errors:
            virtual.QoS.ack(self, delivery_tag)
            raise


def count_rightly() -> None:
    """Let every channel of this process count so."""
    redis.Channel.QoS = Prefetch
