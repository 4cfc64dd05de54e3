"""The frame of a chart: its heading, the picture, what to know of it, and the table that holds every number of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from onroll.design import govuk
from onroll.design.tables import Table

from .charts import Chart
from .drawing import draw


@dataclass(frozen=True)
class ChartFrame:
    """A chart as a page shows it. The table holds every number of the chart, and says in words what is missing.

    `source` says where the figures are from and of which day; `notes` how something was counted differently. With
    `opened` the table is in sight from the start. `id` tells two charts of one page apart.
    """

    title: str
    chart: Chart
    table: Table
    source: str
    notes: Sequence[str] = ()
    opened: bool = False
    id: str = "chart"

    def __html__(self) -> SafeString:
        notes = [*self.notes]
        if self.chart.begins_at:
            notes.append(f"The scale begins at {self.chart.begins_at}, not at 0.")
        behind = format_html('{}<p class="govuk-body onroll-small onroll-flush">{}</p>', self.table, self.source)
        return format_html(
            '<figure class="onroll-frame"><figcaption>{}</figcaption>{}{}{}</figure>',
            self.title,
            self._picture(),
            format_html_join("", '<p class="govuk-body onroll-small">{}</p>', ((note,) for note in notes)),
            govuk.render("details", summary="The numbers behind this", open=self.opened, text=behind),
        )

    __str__ = __html__

    def _picture(self) -> SafeString:
        drawing = draw(self.chart.spec())
        return format_html(
            '<div class="onroll-scroll onroll-chart" tabindex="0" role="region" aria-label="Chart: {title}">'
            '<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
            'aria-labelledby="{id}-title {id}-description" focusable="false"><title id="{id}-title">{title}</title>'
            '<desc id="{id}-description">{description}</desc>{inside}</svg></div>',
            title=self.title,
            width=drawing.width,
            height=drawing.height,
            id=self.id,
            description=self.chart.description,
            inside=mark_safe(drawing.inside),  # noqa: S308 - shapes and escaped words, see drawing.py
        )
