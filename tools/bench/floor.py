"""The floor: a Flask application of one view under the same server settings.

`python -m tools.bench.floor PORT` serves it.
"""

import sys
from pathlib import Path
from types import SimpleNamespace

from flask import Flask

from training import server
from training.config import Settings


def main() -> None:
    """Serve an empty view, and `/livez` so that one can wait for it."""
    app = Flask("floor")
    app.add_url_rule("/", "empty", lambda: "ok")
    app.add_url_rule("/livez", "live", lambda: "ok")
    # The server gives each of its processes connections of its own; there are none here.
    app.extensions["engine"] = SimpleNamespace(dispose=lambda close: close)
    settings = Settings(
        data=Path(),
        database_url="sqlite://",
        secret_key="not used by anything here, but long enough",  # noqa: S106
        base_url="http://127.0.0.1",
        port=int(sys.argv[1]),
    )
    server.serve(app, settings)


if __name__ == "__main__":
    main()
