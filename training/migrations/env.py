"""Alembic's entry: migrate over the connection that `schema` hands in."""

from typing import Any, Literal

from alembic import context

from training.orm import Base, UTCDateTime


def _render(kind: str, value: Any, _context: Any) -> str | Literal[False]:
    # A migration must not import living code: it has to mean the same for ever.
    if kind == "type" and isinstance(value, UTCDateTime):
        return "sa.DateTime()"
    return False


def _ours(name: str | None, kind: str, _parents: Any) -> bool:
    # The queue keeps its own tables in the same database on PostgreSQL.
    return not (kind == "table" and name is not None and name.startswith("huey_"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=_render,
    include_name=_ours,
)
with context.begin_transaction():
    context.run_migrations()
