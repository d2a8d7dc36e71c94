"""Write a new migration from the difference between the models and the data folder's database."""

import sys

from alembic import command

from training.app import create_app
from training.migrations import schema


def main() -> None:
    """Bring the database up to date, then write what the models have more."""
    engine = create_app().extensions["engine"]
    schema.upgrade(engine)
    number = f"{int(schema.newest() or '0') + 1:04}"
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        configuration = schema.configuration(connection)
        command.revision(configuration, message=sys.argv[1], autogenerate=True, rev_id=number)


if __name__ == "__main__":
    main()
