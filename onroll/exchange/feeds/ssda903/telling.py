"""What a return will do, told as a colleague would: a number and what it counts, six or seven times."""

from onroll.authorities.sensitive_facts import ALL
from onroll.children.models import CareEpisode
from onroll.children.queries import SHORT_BREAKS
from onroll.design.words import count_of, day
from onroll.exchange.plans import Plan

from .comparison import Comparison


def tell(comparison: Comparison, before: set[str]) -> Plan:
    """The plan with its sentences. `before`: who was on the roll on the day, before any of it."""
    on = day(comparison.told_on)
    taken_away = {id(row) for row in comparison.changes.deletes.get(CareEpisode, ())}
    after = comparison.holdings.on_the_roll(comparison.told_on, without=taken_away)
    new = {holding.number for holding in comparison.holdings.everyone() if holding.is_new}
    implied = {holding.number for holding, _ in comparison.implied}
    named = {
        holding.number for number in comparison.said.children if (holding := comparison.holdings.by_number.get(number))
    }
    came, left = after - before, before - after - implied
    moved = comparison.moved & before & after
    plan = Plan(changes=comparison.changes, problems=comparison.problems + comparison.trust.problems)
    say = plan.sentence

    stay = named - comparison.changed - new
    small = "in both the return and the record, no difference"
    say(
        "same",
        len(stay),
        _children("stays as it is", "stay as they are"),
        _children("stayed as it was", "stayed as they were"),
        small,
        stay,
    )

    small = f"looked after on {on}; {len(came & new):,} of them new to Onroll"
    say(
        "came",
        len(came),
        _children("comes onto the roll", "come onto the roll"),
        _children("came onto the roll"),
        small,
        came,
    )

    off = new - after
    small = _why_off_the_roll(comparison, off)
    will, did = (
        _children("is new and not on the roll", "are new and not on the roll"),
        _children("was new and not on the roll", "were new and not on the roll"),
    )
    say("held", len(off), will, did, small, off)

    small = f"the return gives their last day, and they are not looked after on {on}"
    say("left", len(left), _children("leaves the roll", "leave the roll"), _children("left the roll"), small, left)

    small = "they stay on the roll, with another placement"
    say("moved", len(moved), _children("changes home", "change home"), _children("changed home"), small, moved)

    others = comparison.changed - came - left - moved - implied
    small = "an episode, a review, a score or a detail that was not held, or not as it is now"
    say(
        "changed",
        len(others),
        ("other child has something new", "other children have something new"),
        ("other child had something new", "other children had something new"),
        small,
        others,
    )

    small = _what_becomes_of_them(comparison, len((before - after) & implied))
    will, did = (
        _children("has care that this return leaves out", "have care that this return leaves out"),
        _children("had care that this return left out"),
    )
    say("missing", len(implied), will, did, small, implied)

    unmatched = [problem for problem in plan.problems if problem.kind == "unknown_child"]
    small = "left out, and listed for you"
    numbers = {problem.child for problem in unmatched}
    say(
        "not_matched",
        len(unmatched),
        ("row matches no child", "rows match no child"),
        ("row matched no child", "rows matched no child"),
        small,
        numbers,
    )

    _tell_of_sensitive_facts(comparison, plan)

    named_at_all = len(comparison.said.children)
    plan.share_unmatched = round(len(numbers & comparison.said.children) / named_at_all, 4) if named_at_all else 0.0
    plan.would_end = len(comparison.implied)
    plan.share_ended = round(len(before - after) / len(before), 4) if before else 0.0
    plan.summary = f"The roll on {on} goes from {len(before):,} to {count_of(len(after), 'child', 'children')}."
    return plan


def _tell_of_sensitive_facts(comparison: Comparison, plan: Plan) -> None:
    """What is kept of each sensitive kind and why, and what is read past. No list of children goes with it."""
    read_past: dict[str, int] = {}
    for each in ALL:
        kept = comparison.keeps.get(each.kind)
        if kept is None:
            rows = [fact for fact in comparison.said.sensitive.values() if fact.kind == each.kind]
            if rows:
                read_past[each.called] = sum(len(fact.cells) for fact in rows)
            continue
        will = (f"child’s {each.called} will be kept", f"children’s {each.called} will be kept")
        did = (f"child’s {each.called} were kept", f"children’s {each.called} were kept")
        small = f"because the authority has kept them since {day(kept.start)}: “{kept.reason}”"
        plan.sentence(f"kept_{each.kind}", comparison.newly_kept[each.kind], will, did, small)
    small = "; ".join(f"{called}: {count:,}" for called, count in read_past.items())
    will = ("sensitive answer is read past, and not stored", "sensitive answers are read past, and not stored")
    did = ("sensitive answer was read past, and not stored", "sensitive answers were read past, and not stored")
    plan.sentence("read_past", sum(read_past.values()), will, did, small)


def _why_off_the_roll(comparison: Comparison, numbers: set[str]) -> str:
    if not numbers:
        return "none"
    short_breaks = without = 0
    for number in numbers:
        episodes = comparison.holdings.by_number[number].all_episodes()
        if not episodes:
            without += 1
        elif any(e.holds_on(comparison.told_on) and e.legal_status in SHORT_BREAKS for e in episodes):
            short_breaks += 1
    ended = len(numbers) - short_breaks - without
    return f"{short_breaks:,} with only agreed short breaks, {ended:,} not in care then, {without:,} without an episode"


def _what_becomes_of_them(comparison: Comparison, leave: int) -> str:
    if not comparison.implied:
        return "none"
    first = day(comparison.said.year_start)
    return f"given a provisional end on {first}, for you to settle; {leave:,} of them leave the roll by it"


def _children(one: str, many: str = "") -> tuple[str, str]:
    return f"child {one}", f"children {many or one}"
