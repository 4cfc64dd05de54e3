"""Improvement plans and work plans as councils print them: tables of actions, of priorities and of duties."""

from onroll.exchange.engine import Feed

from .loading import check, plan
from .sheets import DUTIES, GOALS, IMPROVEMENT_PLAN, WORK_PLAN

_TABLES = ((WORK_PLAN, "A work plan"), (IMPROVEMENT_PLAN, "An improvement plan"), (GOALS, "Goals"), (DUTIES, "Duties"))

FEED = Feed(
    name="plan",
    title="Improvement plan",
    words="A plan as a table of actions, with its sections, leads, dates as printed, measures and progress. "
    "Priorities, success criteria and duties may stand in tables of their own. The file gives the plan its name.",
    check=check,
    plan=plan,
    columns=tuple((title, column, words) for kind, title in _TABLES for column, words in kind.columns),
    kinds="Excel, CSV or zip",
    order=70,
)
