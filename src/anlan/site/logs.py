"""One JSON line an event, with ids and never with names: for web, worker and command line alike."""

import logging
import logging.config
import sys
from typing import Any

import structlog

PERSONAL = frozenset({"name", "username", "phone", "email", "password", "id_card", "address", "token", "cookie"})
"""Keys that are never written, should somebody pass one."""


_TRACEBACK = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
"""Local variables hold records and what people typed."""


def without_persons(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: "…" if key in PERSONAL else value for key, value in event.items()}


def configure(*, readable: bool | None = None, level: str = "INFO") -> None:
    """JSON on standard error; on a terminal in words. Lines of libraries come the same way."""
    words = sys.stderr.isatty() if readable is None else readable
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        without_persons,
    ]
    last: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer()]
        if words
        else [structlog.processors.ExceptionRenderer(_TRACEBACK), structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name, structlog.stdlib.PositionalArgumentsFormatter()],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for loud in (
        "procrastinate",
        "django.request",
        "django.security",
        "axes",
        "asyncio",
        "weasyprint",
    ):
        logging.getLogger(loud).setLevel("WARNING")
