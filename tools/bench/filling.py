"""Thousands of people with a history, inserted straight into the tables."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, insert, inspect, select, text
from sqlalchemy.orm import Session

from certificates.register.document import render
from certificates.register.making import data_of
from certificates.register.models import Certificate
from modules.catalogue.models import CourseVersion
from modules.catalogue.services import published
from tools.bench.history import History
from tools.bench.population import Population
from training.orm import Base

CHUNK = 2000
Row = dict[str, Any]


def populate(engine: Engine, people: int, completions: int, base_url: str) -> Population:
    """Count everybody out, draw one real certificate, and fill the tables."""
    with Session(engine) as session:
        version = session.scalars(select(CourseVersion.id)).one()
        population = Population(people, completions, published(session, version), paper=b"")
    one = Certificate(**History(population).certificate(1, 1, 1))
    population = replace(population, paper=render(data_of(one, base_url), "en"))
    fill(engine, population)
    return population


def fill(engine: Engine, population: Population) -> None:
    """Insert everybody and everything in one transaction, and let the database take its measure."""
    rows = History(population)
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        copies = connection.dialect.name == "postgresql"
        for model, found in rows.tables():
            if copies:
                _copy(connection, model, found)
            else:
                _insert(connection, model, found)
        if copies:
            _continue_numbers(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _insert(connection: Connection, model: type[Base], rows: Iterable[Row]) -> None:
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        connection.execute(insert(model), chunk)


def _copy(connection: Connection, model: type[Base], rows: Iterable[Row]) -> None:
    """Insert by PostgreSQL's COPY, which is several times as fast as statements."""
    waiting = iter(rows)
    first = next(waiting)
    table = inspect(model).local_table
    given = [column for column in table.c if column.name in first or column.default is not None]
    values = [_value(column, connection.dialect) for column in given]
    names = ", ".join(column.name for column in given)
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:  # type: ignore[attr-defined]
        for row in chain([first], waiting):
            copy.write_row([value(row) for value in values])


def _value(column: Any, dialect: Dialect) -> Callable[[Row], Any]:
    """Return how a column's value is read from a row and written for the driver."""
    bind = column.type.dialect_impl(dialect).bind_processor(dialect)
    default = column.default.arg if column.default is not None else None

    def value(row: Row) -> Any:
        found = row.get(column.name, default)
        return found if bind is None or found is None else bind(found)

    return value


def _continue_numbers(connection: Connection) -> None:
    # Explicit ids leave the sequences behind.
    for table in Base.metadata.sorted_tables:
        if "id" in table.c and table.c.id.primary_key:
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "
                    f"coalesce(max(id), 1)) FROM {table.name}"
                )
            )
