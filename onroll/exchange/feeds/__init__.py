"""One folder for each kind of file that comes in. Each declares itself as FEED; the engine finds it at start."""

from importlib import import_module
from pkgutil import iter_modules

from onroll.exchange.engine import register


def find_feeds() -> None:
    """Register the FEED of every folder here."""
    for found in iter_modules(__path__):
        register(import_module(f"{__name__}.{found.name}").FEED)
