"""What the figures are set against: the national figures that come with Onroll, and the targets of this school year."""

from datetime import date, timedelta
from decimal import Decimal

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.codes.code_sets import DATA
from onroll.codes.years import academic_year, academic_year_of
from onroll.exchange.feeds.comparators.loading import check, plan
from onroll.exchange.plans import Options
from onroll.exchange.reading import Upload
from onroll.history.changes import ThisChange
from onroll.measures.models import Target

from .staff import Staff
from .writing import Writer

NATIONAL = "national_outcomes.csv"
# The release that the national list was made from.
RELEASED_ON = date(2026, 4, 9)
# measure, value, whether at least or at most, expected by the end of the autumn and the spring term.
TARGETS = [
    ("good-schools", "85", "higher", None),
    ("living-out-of-authority", "35", "lower", None),
    ("three-or-more-homes", "9", "lower", None),
    ("school-changes", "12", "lower", ("4", "8")),
]


def write_figures(writer: Writer, this: ThisChange, staff: Staff) -> None:
    """Load the national list as the feed would, and set the targets in the name of the head."""
    actor = Actor.system(writer.authority.pk, today=writer.today)
    options = Options(as_at=min(RELEASED_ON, writer.today))
    checked = check([Upload(NATIONAL, (DATA / NATIONAL).read_bytes())], options)
    plan(checked, actor=actor, options=options).changes.write(this)
    year = academic_year(academic_year_of(writer.today))
    head = staff.of(Role.VSH)[0].account
    this.bulk_create(
        Target,
        [
            writer.of(
                Target,
                authority=writer.authority,
                measure=measure,
                period=academic_year_of(writer.today).replace("-", "/"),
                start=year.start,
                end=year.end,
                due_on=year.end - timedelta(days=1),
                value=Decimal(value),
                better=better,
                by_autumn=Decimal(expected[0]) if expected else None,
                by_spring=Decimal(expected[1]) if expected else None,
                set_by=head,
                set_on=year.start,
            )
            for measure, value, better, expected in TARGETS
        ],
    )
