"""What a list will do, told as a colleague would: a number and what it counts."""

from onroll.design.words import day
from onroll.exchange.plans import Plan

from .comparison import Comparison


def tell(comparison: Comparison, before: set[str]) -> Plan:
    """The plan with its sentences. `before`: who was on the roll on the day, before any of it."""
    on = day(comparison.on)
    after = comparison.holdings.on_the_roll(comparison.on)
    listed = {holding.number for holding, _ in comparison.children}
    new = {holding.number for holding, _ in comparison.children if holding.is_new}
    older = {holding.number for holding, _ in comparison.children if comparison.is_older(holding)}
    came = (after - before) - comparison.reopened
    left = (before - after) & listed
    plan = Plan(changes=comparison.changes, problems=comparison.problems + comparison.trust.problems)
    say = plan.sentence

    will, did = _children("is on the list", "are on the list"), _children("was on the list", "were on the list")
    say("listed", len(listed), will, did, f"it speaks for {on}", listed)

    stay = listed - comparison.changed - new
    will, did = _children("stays as it is", "stay as they are"), _children("stayed as it was", "stayed as they were")
    say("same", len(stay), will, did, "in both the list and the record, no difference", stay)

    small = f"looked after on {on}; {len(came & new):,} of them new to Onroll"
    will, did = _children("comes onto the roll", "come onto the roll"), _children("came onto the roll")
    say("came", len(came), will, did, small, came)

    off = new - after
    small = "only agreed short breaks, care that is over, or too old for the roll"
    will, did = _children("is new and not on the roll", "are new and not on the roll"), _children("was new", "were new")
    say("held", len(off), will, did, small, off)

    small = "an end that was only implied is given up, since the list shows the child still in care"
    will, did = (
        _children("is still in care after all", "are still in care after all"),
        _children("was still in care after all", "were still in care after all"),
    )
    say("reopened", len(comparison.reopened), will, did, small, comparison.reopened)

    small = "the list gives the day their care ended, or only short breaks from now on"
    say("left", len(left), _children("leaves the roll", "leave the roll"), _children("left the roll"), small, left)

    small = "the open episode ends and the next begins, on the day the list gives or on its own"
    for key, numbers, what in (
        ("moved", comparison.moved, "home"),
        ("legal_status", comparison.new_status, "legal status"),
        ("school", comparison.new_school, "school"),
    ):
        words = "the main place ends and the next begins" if key == "school" else small
        will, did = _children(f"changes {what}", f"change {what}"), _children(f"changed {what}")
        say(key, len(numbers), will, did, words, numbers)

    told = came | left | comparison.reopened | comparison.moved | comparison.new_status | comparison.new_school
    others = comparison.changed - told - comparison.missing
    will, did = (
        ("other child has something new", "other children have something new"),
        ("other child had something new", "other children had something new"),
    )
    say("changed", len(others), will, did, "a name, a number, a person, a review or a detail of the home", others)

    if comparison.newest is not None:
        small = f"a list of {day(comparison.newest)} has been loaded; this one fills only what is empty"
        will, did = (
            _children("is told of by a newer list", "are told of by a newer list"),
            _children("was told of by a newer list", "were told of by a newer list"),
        )
        say("older", len(older), will, did, small, older)

    small = "given a provisional end, for you to settle: the day after the last list with them, else this list's day"
    will, did = (
        _children("is on the roll and not on this list", "are on the roll and not on this list"),
        _children("was on the roll and not on this list", "were on the roll and not on this list"),
    )
    say("missing", len(comparison.missing), will, did, small, comparison.missing)

    left_out = comparison.said.left_out
    will, did = _children("is left out", "are left out"), _children("was left out", "were left out")
    small = "a row can't be read or two disagree; nothing changes for them, and they don't count as missing"
    say("not_matched", len(left_out), will, did, small, left_out)

    plan.would_end = comparison.would_end
    plan.share_ended = round(len(before & comparison.missing) / len(before), 4) if before else 0.0
    which = "" if comparison.given_day else " (today, as no day was given)"
    plan.summary = f"The roll on {on}{which} goes from {len(before):,} to {len(after):,} children."
    return plan


def _children(one: str, many: str = "") -> tuple[str, str]:
    return f"child {one}", f"children {many or one}"
