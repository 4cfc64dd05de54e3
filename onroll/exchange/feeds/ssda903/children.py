"""Who the children are: the headers of a return beside what is held."""

from typing import Any

from onroll.children.models import Characteristics, Child, Identifiers
from onroll.codes import ETHNICITY, SEX
from onroll.codes.upn import why_not_upn
from onroll.exchange.writing import new

from . import facts
from .comparison import SOURCE, Comparison, place_of
from .holdings import Holding


def compare_children(comparison: Comparison) -> None:
    """Make the children the record does not hold, and bring those it holds up to their headers."""
    by_number = comparison.holdings.by_number
    for number, header in comparison.said.headers.items():
        holding = by_number.get(number)
        if holding is None:
            by_number[number] = _new(comparison, header)
        else:
            comparison.mark(holding, _update(comparison, holding, header))


def _new(comparison: Comparison, header: facts.Header) -> Holding:
    create = comparison.changes.create
    child = create(new(Child, authority_id=comparison.authority.pk, birth_date=header.birth_date, source=SOURCE))
    own = comparison.own(child)
    identifiers = create(
        new(Identifiers, **own, child_number=header.child, upn=header.upn, upn_unknown=header.upn_unknown)
    )
    characteristics = create(new(Characteristics, **own, sex=header.sex, ethnicity=header.ethnicity))
    return Holding(header.child, child, identifiers, characteristics, is_new=True, numbers={header.child})


def _update(comparison: Comparison, holding: Holding, header: facts.Header) -> bool:
    """A known answer never becomes "not known", and a newer return's answers are not those of an older one."""
    older = comparison.newer_from is not None
    place = place_of(holding, header)
    changed = comparison.trust.merge(holding.child, {"birth_date": header.birth_date}, **place, fill_only=older)
    if holding.child.held_as != Child.HeldAs.OWN and not older:
        changed |= comparison.changes.update(holding.child, held_as=Child.HeldAs.OWN)
    row = holding.characteristics
    if row is None:
        holding.characteristics = comparison.changes.create(
            new(Characteristics, **comparison.own(holding.child), sex=header.sex, ethnicity=header.ethnicity)
        )
        changed = True
    else:
        row._state.fields_cache["child"] = holding.child
        said = {"sex": header.sex, "ethnicity": header.ethnicity}
        if row.sex and header.sex and SEX[header.sex].code == "U":
            del said["sex"]
        if row.ethnicity and header.ethnicity and ETHNICITY[header.ethnicity].not_yet_obtained:
            del said["ethnicity"]
        changed |= comparison.trust.merge(row, said, **place, fill_only=older)
    return update_upn(comparison, holding, header, older) or changed


def update_upn(comparison: Any, holding: Holding, header: Any, older: bool) -> bool:
    """The UPN of a child held already, or the code for why there is none. `header`: what says it, in any feed."""
    row, place = holding.identifiers, place_of(holding, header)
    if not header.upn:
        # A code for "no UPN" never takes the place of one.
        if row.upn or not header.upn_unknown:
            return False
        return comparison.trust.merge(row, {"upn_unknown": header.upn_unknown}, **place, fill_only=older)
    before = row.upn
    if before and before != header.upn and why_not_upn(header.upn) and not why_not_upn(before):
        # One whose check letter fits is not given up for one whose check letter does not.
        if not older:
            comparison.trust.differ(row, "upn", header.upn, **place)
        return False
    changed = comparison.trust.merge(row, {"upn": header.upn}, **place, fill_only=older)
    if changed and before:
        comparison.changes.update(row, former_upn=before)
    if row.upn and row.upn_unknown:
        comparison.changes.update(row, upn_unknown="")
    return changed
