"""What the worked examples of figures tell of plans: `pep spring 2025-26 due=2026-03-06`, and after it its targets."""

from datetime import date
from typing import Any

from onroll.children.models import Child, Review
from onroll.children.tests.scene import write
from onroll.peps.models import Pep, PepAudit, PepTarget, PlanInReview

YES = {"yes": True, "no": False, None: None}


def told(child: Child, kind: str, plain: list[str], named: dict[str, str]) -> bool:
    """Write one fact of plans of a worked example. False: it is no such fact."""
    days = {name: date.fromisoformat(value) for name, value in named.items() if value[:4].isdecimal()}
    keys: dict[str, Any] = {"authority_id": child.authority_id, "child": child}
    match kind:
        case "pep":
            write(_a_plan(keys, plain, named, days))
        case "target":
            write(_a_target({**keys, "pep": _last_plan(child)}, named, days))
        case "audit":
            write(_an_audit({**keys, "pep": _last_plan(child)}, plain, named))
        case "review":
            on = date.fromisoformat(plain[0])
            write(Review(**keys, on=on))
            if "used" in named:
                write(PlanInReview(**keys, on=on, used=named["used"] == "yes", said_on=on))
        case _:
            return False
    return True


def _last_plan(child: Child) -> Pep:
    return Pep.unscoped.filter(child=child).latest("pk")


def _a_plan(keys: dict[str, Any], plain: list[str], named: dict[str, str], days: dict[str, date]) -> Pep:
    state = named.get("state", "signed_off" if "signed" in days else "submitted" if "submitted" in days else "due")
    return Pep(
        **keys,
        kind=named.get("kind", "initial" if plain[0] == "initial" else "termly"),
        form="school_age",
        academic_year=plain[1],
        term=named.get("term", plain[0]),
        state=state,
        exempt_reason="left_care" if state == "exempt" else "",
        due_on=days.get("due"),
        meeting_on=days.get("met"),
        held_on=days.get("met"),
        submitted_on=days.get("submitted"),
        signed_off_on=days.get("signed"),
        sent_to_iro_on=days.get("iro"),
        vs_attended=YES[named.get("attended")],
        support_required=named.get("support", ""),
        school_right=named.get("school", ""),
        support_right=named.get("support_right", ""),
    )


def _a_target(keys: dict[str, Any], named: dict[str, str], days: dict[str, date]) -> PepTarget:
    return PepTarget(
        **keys,
        area=named.get("area", "english"),
        text="Read 80 words correctly in a minute",
        kind=named.get("kind", "in_term"),
        due_on=days.get("due"),
        outcome=named.get("outcome", ""),
        reviewed_on=days.get("reviewed"),
        change_on=days.get("changed"),
        ambitious=YES[named.get("ambitious")],
        audit_grade=named.get("audit", ""),
        intervention=named.get("with", ""),
    )


def _an_audit(keys: dict[str, Any], plain: list[str], named: dict[str, str]) -> PepAudit:
    on = None if plain[0] == "none" else date.fromisoformat(plain[0])
    copied = named.get("copied", "").split(",")
    return PepAudit(
        **keys,
        audited_on=on,
        grade=plain[1] if on else "",
        rubric="four_grade_2026",
        grades={"attainment": named["learning"]} if "learning" in named else {},
        iro_sent_on=on if "iro" in copied else None,
        dt_sent_on=on if "dt" in copied else None,
        sw_sent_on=on if "sw" in copied else None,
        filed_on_case_record=YES[named.get("filed")],
        pp_use_appropriate=named.get("money", ""),
    )
