"""What of a plan may stand on a screen that everybody at the meeting sees.

Named is what may, so that a part of the record that comes later stays hidden until somebody decides.
"""

from collections.abc import Iterable

from onroll.access.sections import Section

from ..writing import Line, part_of

# Not health, addresses, carers, contact or safeguarding; nor who the child is by birth, numbers and legal status. What
# the young person said stands there as far as they let everybody at the meeting hear it.
ON_A_SCREEN = frozenset(
    {
        Section.PEP,
        Section.SCHOOL,
        Section.ATTENDANCE,
        Section.ATTAINMENT,
        Section.SEN,
        Section.EXCLUSION,
        Section.PUPIL_PREMIUM,
    }
)
# What tells where somebody is to be found.
PLACES = ("meeting_place",)


def safe_on_a_screen(lines: Iterable[Line], *, protected: bool) -> list[Line]:
    """The lines that may be shown to everybody in the room. `protected`: where the child lives or learns is guarded."""
    found = []
    for line in lines:
        section = Section(part_of(line.question).partition("+")[0])
        tells_where = section is Section.SCHOOL or line.question.key in PLACES
        if section in ON_A_SCREEN and not (protected and tells_where):
            found.append(line)
    return found
