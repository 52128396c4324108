"""The WSGI entry point: `flask --app wsgi run`, `gunicorn wsgi:app`."""

import sys

from model_store.catalog import CatalogError
from server import create_app
from server.asset_tree import SetupError
from server.config import ConfigError

try:
    app = create_app(at_once=True)
except (ConfigError, SetupError, CatalogError) as error:
    # The message says what is wrong and what to do; where it was noticed helps nobody.
    sys.exit(f"Mattebox does not start: {error}")
