"""One engine per application, one session per request, one way to write.

Reading needs no ceremony: `session()` opens a transaction which the end of the request
rolls back. Writing happens inside `transaction()` only. On SQLite that takes the write
lock up front (BEGIN IMMEDIATE), so what a service has read is still true when it writes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g
from sqlalchemy import Engine, event
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

AFTER_COMMIT = "after_commit"


def init_app(app: Flask, engine: Engine) -> None:
    """Give the application its engine and close each request's session."""
    sessions = sessionmaker(engine, expire_on_commit=False)
    event.listen(sessions, "before_flush", _refuse_stray_write)
    event.listen(sessions, "do_orm_execute", _refuse_stray_statement)
    app.extensions["engine"] = engine
    app.extensions["sessions"] = sessions
    app.teardown_appcontext(_close)


def session() -> Session:
    """Return this request's session."""
    if "session" not in g:
        g.session = current_app.extensions["sessions"]()
    current: Session = g.session
    return current


@contextmanager
def transaction() -> Iterator[Session]:
    """Write: commit on leaving the block, roll back on any exception."""
    current = session()
    _refuse_pending(current)
    current.rollback()  # Leave the read snapshot, so that decisions are made on fresh rows.
    wanted: list[Callable[[], None]] = current.info.setdefault(AFTER_COMMIT, [])
    wanted.clear()
    with current.begin():
        current.connection(execution_options={"write": True})
        yield current
    for act in wanted:
        act()


def after_commit(current: Session, act: Callable[[], None]) -> None:
    """Do something once what is being written can no longer be lost, and not before."""
    current.info.setdefault(AFTER_COMMIT, []).append(act)


def _refuse_stray_write(current: Session, *_: object) -> None:
    if not current.connection().get_execution_options().get("write"):
        msg = "a write outside transaction() would be lost"
        raise RuntimeError(msg)


def _refuse_stray_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        _refuse_stray_write(state.session)


def _refuse_pending(current: Session) -> None:
    if pending := [*current.new, *current.dirty, *current.deleted]:
        msg = f"changed outside transaction(), and lost: {pending}"
        raise RuntimeError(msg)


def _close(error: BaseException | None) -> None:
    current: Session | None = g.pop("session", None)
    if current is None:
        return
    with current:
        if error is None:
            _refuse_pending(current)
