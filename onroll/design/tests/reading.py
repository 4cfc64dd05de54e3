"""Read drawn pages by the few simple selectors that these tests need."""

import re
from typing import Any

from lxml import html

_STEP = re.compile(r"([a-z0-9]+|\*)|\.([\w-]+)|#([\w-]+)|\[([\w-]+)(?:=['\"]?([^'\"\]]*)['\"]?)?\]")


def fragment(markup: Any) -> html.HtmlElement:
    """Drawn HTML inside one element."""
    return html.fragment_fromstring(str(markup), create_parent="div")


def select(root: html.HtmlElement, selectors: str) -> list[html.HtmlElement]:
    """The elements that one of the selectors names: tag, .class, #id, [name=value], within one another or directly."""
    return root.xpath(" | ".join(_xpath(selector.strip()) for selector in selectors.split(",")))


def words(element: html.HtmlElement) -> str:
    """What an element says, its white space made single."""
    return " ".join(element.text_content().split())


def _xpath(selector: str) -> str:
    path, direct = ".", False
    for step in selector.split():
        if step == ">":
            direct = True
            continue
        tag, conditions = "*", ""
        for name, class_name, identifier, attribute, value in _STEP.findall(step):
            if name:
                tag = name
            elif class_name:
                conditions += f"[contains(concat(' ', @class, ' '), ' {class_name} ')]"
            elif identifier:
                conditions += f"[@id='{identifier}']"
            else:
                conditions += f"[@{attribute}='{value}']" if value else f"[@{attribute}]"
        path += f"{'/' if direct else '//'}{tag}{conditions}"
        direct = False
    return path
