"""Logs: an event and its ids, once, where the outcome is known. Never an address, a body or a token."""

import logging
import sys

import structlog

from service.settings import settings


def configure() -> None:
    """Set up logging for this process; called once by every command that runs one."""
    level = getattr(logging, settings().log_level.upper(), logging.INFO)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _shorten,
            _renderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # One write a line: the processes of a worker share their log, and print() writes the line and its end apart.
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _renderer() -> structlog.types.Processor:
    if settings().log_json:
        return structlog.processors.JSONRenderer(ensure_ascii=True)
    return structlog.processors.LogfmtRenderer(bool_as_flag=False)


def _shorten(_logger: object, _name: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    # A remote server's words can be a megabyte long or forge a second line: escaped by the renderer, cut here.
    return {key: value[:2000] if isinstance(value, str) else value for key, value in event.items()}
