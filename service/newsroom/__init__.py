"""The newsroom: what the world may read of a sender's releases from their instant on, and what programs take of it."""

from service.newsroom.publishing import prepare

__all__ = ["prepare"]
