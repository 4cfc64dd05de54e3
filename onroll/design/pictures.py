"""The small pictures beside figures: RAG, sparkline, meter. The words beside them carry the meaning."""

from collections.abc import Sequence

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from onroll.design.icons import icon

RAG = {"on_track": "On track", "near": "Near", "off_track": "Off track", "no_data": "No data"}


def rag(state: str, words: str = "") -> SafeString:
    """A shape and its word: circle on track, triangle near, square off track, dashed ring no data."""
    return format_html('<span class="onroll-rag">{}{}</span>', icon(state), words or RAG[state])


def sparkline(
    values: Sequence[float], *, what: str, target: float | None = None, width: int = 96, height: int = 30
) -> SafeString:
    """The way a figure went, its last point marked, the target dashed. Under three points there is none."""
    if len(values) < 3:
        return SafeString("")
    lowest = min([*values, *([] if target is None else [target])])
    highest = max([*values, *([] if target is None else [target])])
    spread = (highest - lowest) or 1

    def y(value: float) -> float:
        return 4 + (height - 8) * (1 - (value - lowest) / spread)

    step = (width - 8) / (len(values) - 1)
    points = [(3 + step * number, y(value)) for number, value in enumerate(values)]
    line = " ".join(f"{left:.1f},{top:.1f}" for left, top in points)
    dashed = ""
    label = f"{what}: {', '.join(f'{value:g}' for value in values)}"
    if target is not None:
        dashed = f'<path d="M0 {y(target):.1f}H{width}" stroke="#505a5f" stroke-dasharray="3 3"/>'
        label += f"; target {target:g}"
    left, top = points[-1]
    return mark_safe(  # noqa: S308 - numbers, and a label that is escaped
        f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(label)}" focusable="false">{dashed}<polyline points="{line}" fill="none" '
        f'stroke="#17524f" stroke-width="2"/><circle cx="{left:.1f}" cy="{top:.1f}" r="3.5" fill="#17524f"/></svg>'
    )


def meter(done: int, whole: int, words: str = "") -> SafeString:
    """How much of something is done; full is green. The words say it: 11 of 14."""
    width = round(90 * min(done, whole) / whole) if whole else 0
    colour = "#0f7a52" if whole and done >= whole else "#17524f"
    return format_html(
        '<span class="onroll-meter"><svg class="onroll-icon" width="90" height="12" viewBox="0 0 90 12" '
        'aria-hidden="true" focusable="false"><rect x=".5" y=".5" width="89" height="11" fill="#fff" '
        'stroke="#505a5f"/><rect width="{}" height="12" fill="{}"/></svg>{}</span>',
        width,
        colour,
        words or f"{done} of {whole}",
    )
