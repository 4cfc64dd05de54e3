"""Pages of what people agreed to do: the list of a plan, one action, and how it ended."""

from typing import Any

from django.http import Http404

from onroll.access.can import Can, can
from onroll.access.models import Account
from onroll.access.sections import Section, cell, may_read, may_write
from onroll.authorities.calendar import Calendar
from onroll.children.pages import ChildPage, header_of
from onroll.design.tables import Cell, Column, Table
from onroll.design.words import day, day_short

from ..act_views import PepActPage
from ..meeting_models import PepAction
from ..models import Pep
from ..queries import peps_of
from ..voice.adult_views import pep_of, url_of
from .agreed import action_of, actions_round, end_action, keep_action, owners_for, why_not_end, why_not_write_action
from .forms import TakenOnForm, TakenOnOutcomeForm, as_typed, suggested_day
from .people import Names


class ActionsPage(ChildPage):
    """Who does what: the actions of a plan, and those of earlier plans that are still open."""

    requires = Can.SEE_CHILD
    section = Section.PEP
    template_name = "peps/meeting/actions.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.pep = pep_of(self, kwargs["pep"])

    def context(self) -> dict[str, Any]:
        pep, actions = self.pep, actions_round(self.pep)
        may_write_them = can(self.actor, Can.WRITE_PEPS) and not why_not_write_action(pep, actor=self.actor)
        return {
            **super().context(),
            "header": header_of(self.child, self.actor, "peps"),
            "pep": pep,
            "pep_url": url_of(pep, "peps:pep"),
            "table": actions_table(actions, pep, Names(self.child, self.actor), self) if actions else None,
            "new": url_of(pep, "peps:new_action") if may_write_them else "",
        }


def actions_table(actions: list[PepAction], pep: Pep, names: Names, page: Any) -> Table:
    """What, who and by when, and how it stands; the open ones lead to where they are ended."""
    writes = can(page.actor, Can.WRITE_PEPS) and may_write(page.actor, Section.PEP)
    columns = [Column("What", stacked_label=False), Column("Who"), Column("By"), Column("State")]
    rows = []
    for each in actions:
        from_before = f"from the {each.pep.title}" if each.pep_id != pep.pk else ""
        mine = each.owner_id is not None and each.owner_id == page.actor.holder
        link = _url(page, each, "peps:end_action") if each.is_open and (writes or mine) else ""
        state = _state_cell(each, page.actor.today)
        due = day_short(each.due_on) if each.due_on else "–"
        rows.append([Cell(each.what, href=link, sub=from_before), names.of_owner(each), due, state])
    return Table("Who does what", columns, rows)


def _url(page: Any, action: PepAction, route: str) -> str:
    action.pep.child = page.child
    return url_of(action.pep, route, action.public_id)


def _state_cell(action: PepAction, today: Any) -> Cell:
    if action.done_on:
        return Cell("Done", tag="green", sub=day_short(action.done_on))
    if action.dropped_on:
        return Cell("Dropped", tag="grey", sub=action.reason)
    return Cell("Late", tag="red") if action.is_late(today) else Cell("Open", tag="blue")


class _ActionPage(PepActPage):
    """A page of one action of the plan in the address."""

    abstract = True
    back_to = "peps:actions"

    action: PepAction

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        found = action_of(self.child, self.pep, kwargs["action"])
        if found is None:
            raise Http404
        self.action = found

    def child_url(self, route: str, *more: Any) -> str:
        return url_of(self.pep, route) if route.startswith("peps:") else super().child_url(route, *more)

    def where_next(self, form: Any) -> str:
        return self.child_url(self.back_to)


class NewActionPage(PepActPage):
    """A new action."""

    requires = Can.WRITE_PEPS
    form_class = TakenOnForm
    title = "New action"
    button = "Keep this action"
    done = "The action is kept. Who took it on finds it on their work list."
    back_to = "peps:actions"
    action: PepAction | None = None

    def blocked(self) -> str:
        return why_not_write_action(self.pep, actor=self.actor)

    def _owners(self) -> list[tuple[Account, str]]:
        beside = self.action.owner if self.action else None
        return owners_for(self.pep, Names(self.child, self.actor), self.actor, beside=beside)

    def form_options(self) -> dict[str, Any]:
        return {"owners": [(str(account.public_id), name) for account, name in self._owners()]}

    def initial(self) -> dict[str, Any]:
        calendar, today = Calendar.of(self.pep.authority_id), self.actor.today
        start = max(self.pep.held_on or self.pep.meeting_on or today, today)
        return {"due_on": suggested_day(calendar, start)}

    def act(self, form: Any) -> None:
        chosen = form.cleaned_data["owner"]
        owner = next((account for account, _ in self._owners() if str(account.public_id) == chosen), None)
        action = self.action or PepAction()
        keep_action(self.pep, action, form.cleaned_data, owner=owner, actor=self.actor)

    def child_url(self, route: str, *more: Any) -> str:
        return url_of(self.pep, route) if route.startswith("peps:") else super().child_url(route, *more)


class ActionPage(_ActionPage, NewActionPage):
    """One action, to change."""

    requires = Can.WRITE_PEPS
    title = "Action"

    def blocked(self) -> str:
        ended = "" if self.action.is_open else "The action has ended. Write a new one."
        return super().blocked() or ended

    def initial(self) -> dict[str, Any]:
        return as_typed(self.action)


class EndActionPage(_ActionPage):
    """An action is done, or dropped with the reason: by who took it on, or who writes the plan."""

    requires = Can.SEE_CHILD
    form_class = TakenOnOutcomeForm
    title = "Is it done?"
    done = "Saved."
    template_name = "peps/meeting/end_action.html"

    def _may_open(self) -> bool:
        return bool(cell(self.actor, Section.PEP))

    def plans(self) -> Any:
        # Also who reads no plan can be asked to its meeting, and take something on.
        return peps_of(self.child, self.actor)

    def heading(self) -> str:
        return self.title

    @property
    def _is_theirs(self) -> bool:
        return self.action.owner_id is not None and self.action.owner_id == self.actor.holder

    def blocked(self) -> str:
        return why_not_end(self.action, actor=self.actor)

    def held(self) -> list[str]:
        # Who reads no plan reads what they took on themselves, and no more.
        if not self._is_theirs and not may_read(self.actor, Section.PEP):
            return []
        who = Names(self.child, self.actor).of_owner(self.action)
        by = f"{who}, by {day(self.action.due_on)}." if self.action.due_on else f"{who}."
        return [self.action.what, by]

    def act(self, form: Any) -> None:
        typed = form.cleaned_data
        end_action(self.action, dropped=typed["outcome"] == "dropped", reason=typed["reason"], actor=self.actor)

    def child_url(self, route: str, *more: Any) -> str:
        if route == self.back_to and not may_read(self.actor, Section.PEP):
            return "/"
        return super().child_url(route, *more)

    def context(self) -> dict[str, Any]:
        writes = can(self.actor, Can.WRITE_PEPS) and not why_not_write_action(self.pep, actor=self.actor)
        change = url_of(self.pep, "peps:action", self.action.public_id) if writes and self.action.is_open else ""
        return {**super().context(), "change": change}
