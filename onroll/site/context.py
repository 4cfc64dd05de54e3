"""What every page of the product shows around its own words: names, navigation, notices."""

from typing import Any

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """The `page` value of the layout."""
    from .navigation import page_frame

    return {"page": page_frame(request)}
