"""Check that the curriculum can be published, on an empty database of its own."""

import sys
import tempfile
from pathlib import Path

from training import publishing
from training.app import create_app
from training.config import Settings
from training.migrations import schema


def main() -> int:
    """Print every problem of the curriculum."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        settings = Settings(
            data=data,
            database_url=f"sqlite:///{data}/training.db",
            secret_key="x" * 48,
            base_url="http://127.0.0.1:8000",
        )
        app = create_app(settings)
        schema.upgrade(app.extensions["engine"])
        with app.app_context():
            problems = publishing.validate()
        app.extensions["engine"].dispose()
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
