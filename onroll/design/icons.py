"""The few small pictures that stand beside words. None stands alone, and none is read out."""

from django.utils.safestring import SafeString, mark_safe

_DRAWINGS = {
    "tick": (20, 20, '<path d="M3 10.6l4.6 4.6L17 5.4" fill="none" stroke="#0f7a52" stroke-width="3"/>'),
    "done": (
        20,
        20,
        '<circle cx="10" cy="10" r="9" fill="#0f7a52"/>'
        '<path d="M5.5 10.4l3 3 6-6.4" fill="none" stroke="#fff" stroke-width="2.2"/>',
    ),
    "warning": (
        20,
        20,
        '<path d="M10 1.2 19.4 18.4H.6z" fill="#b35900"/><path d="M10 7v5.4" stroke="#fff" stroke-width="2.2"/>'
        '<circle cx="10" cy="15" r="1.3" fill="#fff"/>',
    ),
    "clock": (
        20,
        20,
        '<circle cx="10" cy="10" r="8.5" fill="#fff" stroke="#0b0c0c" stroke-width="2"/>'
        '<path d="M10 5v5.4l3.4 2" fill="none" stroke="#0b0c0c" stroke-width="2"/>',
    ),
    "lock": (
        20,
        22,
        '<path d="M5 10V7a5 5 0 0 1 10 0v3" fill="none" stroke="#4b2a7b" stroke-width="2.4"/>'
        '<rect x="2" y="10" width="16" height="11" fill="#4b2a7b"/><circle cx="10" cy="15" r="2" fill="#fff"/>',
    ),
    "on_track": (
        18,
        18,
        '<circle cx="9" cy="9" r="8.5" fill="#0f7a52"/>'
        '<path d="M5 9.3l2.8 2.8L13.2 6" fill="none" stroke="#fff" stroke-width="2.2"/>',
    ),
    "near": (
        18,
        18,
        '<path d="M9 .8 17.6 16.5H.4z" fill="#b35900"/><path d="M9 6v5" stroke="#fff" stroke-width="2.2"/>'
        '<circle cx="9" cy="13.6" r="1.2" fill="#fff"/>',
    ),
    "off_track": (
        18,
        18,
        '<rect x=".8" y=".8" width="16.4" height="16.4" fill="#ca3535"/>'
        '<path d="M5 5l8 8M13 5l-8 8" stroke="#fff" stroke-width="2.2"/>',
    ),
    "no_data": (
        18,
        18,
        '<circle cx="9" cy="9" r="7.5" fill="none" stroke="#505a5f" stroke-width="2" stroke-dasharray="3 2.6"/>',
    ),
}


def icon(name: str) -> SafeString:
    """The drawing of that name, hidden from readers: the word beside it says it."""
    width, height, shapes = _DRAWINGS[name]
    return mark_safe(  # noqa: S308 - written above
        f'<svg class="onroll-icon" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'aria-hidden="true" focusable="false">{shapes}</svg>'
    )
