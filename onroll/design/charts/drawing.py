"""A Vega-Lite spec as SVG: shapes and words alone, as the content policy of the pages wants them.

What draws is a JavaScript engine (`vl-convert-python`) inside the process that asks. It is loaded with the first
chart: that takes two thirds of a second, in which the process does nothing else, and 75 MB. So the web server draws one
before it answers anybody. Each chart then takes about 50 ms, and none at all when it was drawn before.

What was drawn is kept in the memory of the process, the latest 300 by their whole spec, and nowhere else: about 2 MB.
No child can be told from it: a spec holds the figures that its reader is shown and the words beside them. Another
reader with a narrower reach has other figures, and so another spec.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

from onroll.design.words import legible

KEPT = 300
# What may stand in a picture. No style, no script, no link, and no name of a font: the page's own is used.
_SHAPES = {"svg", "g", "path", "line", "rect", "text", "tspan"}
_PLACES = {"transform", "d", "x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "width", "height"}
_LOOKS = {"fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-miterlimit"}
_LETTERS = {"text-anchor", "font-size", "font-weight"}
_ATTRIBUTES = _PLACES | _LOOKS | _LETTERS
_LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")


@dataclass(frozen=True)
class Drawing:
    """The inside of an SVG, and its size in pixels."""

    inside: str
    width: int
    height: int


def draw(spec: dict[str, Any]) -> Drawing:
    """The spec as a picture. The same spec is the same picture."""
    return _drawn(json.dumps(_legible(spec), sort_keys=True))


def _legible(part: Any) -> Any:
    """The spec with legible words alone: a single control sign would end what draws, and the process with it."""
    if isinstance(part, dict):
        return {name: _legible(value) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [_legible(value) for value in part]
    return legible(part) if isinstance(part, str) else part


def warm_up() -> None:
    """Load what draws, so that no reader waits for it."""
    draw({"mark": "point", "data": {"values": [{}]}})


@lru_cache(maxsize=KEPT)
def _drawn(spec: str) -> Drawing:
    # Read in only here: it is large, and most processes draw nothing.
    import vl_convert

    svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(svg.encode(), parser)
    width, height = (round(float(root.get(side, ""))) for side in ("width", "height"))
    root.tag = "svg"
    _reduce(root)
    etree.cleanup_namespaces(root)
    inside = "".join(etree.tostring(child, encoding="unicode") for child in root)
    return Drawing(inside, width, height)


def _reduce(element: Any) -> None:
    """Leave what is seen: the shapes, where they are and how they look."""
    for child in list(element):
        kind = etree.QName(child).localname if isinstance(child.tag, str) else ""
        unseen = child.get("display") == "none" or child.get("class") == "background"
        if kind not in _SHAPES or unseen:
            element.remove(child)
            continue
        child.tag = kind
        _reduce(child)
        if kind == "g" and not len(child):
            element.remove(child)
    for name, value in list(element.attrib.items()):
        del element.attrib[name]
        if name in _ATTRIBUTES:
            element.set(name, _LONG_NUMBER.sub(lambda number: f"{float(number[0]):.1f}", value))
    element.tail = None
