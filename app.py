"""Serves the web page: ``python app.py``, or ``hoibao serve``."""

import sys

from assistant.settings import read_settings
from corpus.errors import UserError


def main() -> int:
    """Serve with the settings of the environment; 1 when the user has to put something right."""
    from assistant.server.serve import serve

    try:
        serve(read_settings())
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
