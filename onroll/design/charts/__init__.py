"""Charts: still pictures of figures, drawn on the server, each in a frame with the table of its numbers.

    charts.py     what a chart shows, in the product's words, and the Vega-Lite spec that is made of it
    drawing.py    a spec as SVG: shapes and words alone, in the colours and letters of the page
    frames.py     the figure around it: heading, notes, “The numbers behind this”, source and day

What is hidden from a reader is `None` before it comes here, and so stands in no spec and no picture.
"""

from .charts import Bars, Columns, Level, Line, Point
from .drawing import warm_up
from .frames import ChartFrame

__all__ = ["Bars", "ChartFrame", "Columns", "Level", "Line", "Point", "warm_up"]
