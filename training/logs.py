"""One line of JSON per event on standard error, with the request's reference and no names."""

import json
import logging
import traceback
from typing import Any

from flask import g, has_request_context
from sqlalchemy.exc import IntegrityError, OperationalError


class Lines(logging.Formatter):
    """Write a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a traceback names code, never the values in it."""
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context() and "reference" in g:
            line["reference"] = g.reference
        if record.exc_info:
            line["traceback"] = "\n".join(_chain(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False)


def _chain(failure: BaseException | None) -> list[str]:
    """Return where a failure happened and what it is, after each that led to it."""
    if failure is None:
        return []
    before = failure.__cause__ or (None if failure.__suppress_context__ else failure.__context__)
    where = "".join(traceback.format_tb(failure.__traceback__))
    return [*_chain(before), f"{where}{type(failure).__qualname__}{_rule(failure)}"]


def _rule(failure: BaseException) -> str:
    # A message may quote what somebody typed. The first line of these two names a rule of the
    # database, or why it cannot be reached; the values stand on the lines below it.
    if not isinstance(failure, IntegrityError | OperationalError):
        return ""
    return f": {str(failure.orig).partition(chr(10))[0]}"


def configure() -> None:
    """Send everything from warnings upwards to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
