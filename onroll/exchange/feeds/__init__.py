"""One folder for each kind of file that comes in. Each declares its FEEDS; the engine finds them at start."""

from importlib import import_module
from pkgutil import iter_modules

from onroll.exchange.engine import register


def find_feeds() -> None:
    """Register the feeds of every folder here."""
    for found in iter_modules(__path__):
        folder = import_module(f"{__name__}.{found.name}")
        for feed in getattr(folder, "FEEDS", None) or [folder.FEED]:
            register(feed)
