"""Status tags: the word says which state it is, the colour says whose turn."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

COLOURS = {
    "grey": "nobody yet: due, not started",
    "blue": "with the writers",
    "purple": "with the virtual school",
    "orange": "back with the writers: returned",
    "green": "done",
    "red": "late",
    "yellow": "a date to come",
    "none": "does not apply",
}


def tag(words: Any, colour: str = "grey") -> SafeString:
    """The words in a tag of that colour. A tag is never a link."""
    if colour not in COLOURS:
        raise ValueError(f"No tag is {colour}. There are {', '.join(COLOURS)}.")
    name = "onroll-tag--none" if colour == "none" else f"govuk-tag--{colour}"
    return format_html('<strong class="govuk-tag {}">{}</strong>', name, words)
