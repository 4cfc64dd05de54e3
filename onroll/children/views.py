"""The roll as a list: any day, narrowed, sorted, with chosen columns."""

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.pages import Page
from onroll.access.typed import keep, kept
from onroll.design.tables import Table
from onroll.design.values import AsAt, Chip, Pages
from onroll.design.words import count_of, day
from onroll.history.viewing import listed

from .acting import for_each_authority
from .models import SavedView
from .roll_columns import COLUMNS, USUAL, Column, Row, columns_for, rows_of, table_of
from .roll_filters import (
    NARROWING,
    Choice,
    RollFilterForm,
    counts,
    narrowed,
    people_round,
    views_for,
    what_to_take_off,
)
from .saved_views import SaveViewForm, delete_view, save_view
from .searching import find


def keep_words(request: HttpRequest, words: str) -> str:
    # PostgreSQL knows no text with a NUL in it.
    return keep(request, "words", words.replace("\x00", " ").strip()[:100])


def kept_words(request: HttpRequest, key: str) -> str:
    return kept(request, "words", key) or ""


class RollPage(Page):
    """The children someone works with, as at any day."""

    requires = Can.SEE_CHILDREN
    template_name: ClassVar[str] = "children/roll.html"

    def read_choice(self, query: QueryDict) -> Choice:
        self.key = query.get("found", "")
        return Choice.from_address(query, today=self.actor.today, words=kept_words(self.request, self.key))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        choice = self.read_choice(request.GET)
        shown = columns_for(self.actor, list(choice.columns))
        keys = sorted_keys(self.actor, choice, shown)
        page = Paginator(keys, choice.size).get_page(request.GET.get("page"))
        rows = rows_of(self.actor, list(page.object_list), shown, choice.as_at)
        listed(self.actor, [row.child.pk for row in rows], "children:roll")
        today = self.actor.today
        here = choice.address(today, key=self.key)
        keep = dict(QueryDict(here[1:]).lists())
        people = people_round(self.actor, choice.as_at)
        choosing = request.GET.get("choose") == "1" and can(self.actor, Can.ACT_ON_MANY)
        many = count_of(page.paginator.count, "child", "children")
        return self.show(
            choice=choice,
            table=table_of(
                rows,
                shown,
                caption=f"{many} as at {day(choice.as_at)}",
                sorted_by=choice.sort.removeprefix("-"),
                descending=choice.sort.startswith("-"),
                keep={name: values for name, values in keep.items() if name != "sort"},
                tick="child" if choosing else "",
                tick_form="many" if choosing else "",
            ),
            has_rows=bool(rows),
            pages=Pages(page.number, choice.size, page.paginator.count, keep, "children"),
            many=many,
            bar=AsAt(
                choice.as_at,
                today,
                many,
                days=self._useful_days(choice),
                keep={name: values for name, values in keep.items() if name != "as-at"},
                error=choice.wrong_day,
                typed=choice.typed_day,
                back=reverse("children:roll") + choice.address(today, key=self.key, as_at=today),
            ),
            keep=[(name, value) for name, values in keep.items() if name != "column" for value in values],
            clear_href=reverse("children:roll") if choice.narrowed or choice.words else "",
            views=self._chips(choice),
            here=here,
            form=RollFilterForm(initial={**choice.narrowed, "words": choice.words}, actor=self.actor, people=people),
            every_column=[(column, column in shown) for column in COLUMNS.values() if column.is_for(self.actor)],
            take_off=[] if rows else self._take_off(choice, people),
            choosing=choosing,
            may_add=can(self.actor, Can.ADD_CHILD),
            may_export=can(self.actor, Can.EXPORT_A_LIST),
            may_act_on_many=can(self.actor, Can.ACT_ON_MANY),
            beside=self._beside(choice),
            may_tell=can(self.actor, Can.TELL_A_SETTING),
        )

    def _beside(self, choice: Choice) -> list[tuple[str, Table]]:
        """The lists of the other authorities for which the person works at the school, each by itself."""
        if not self.actor.beside:
            return []
        self.request.of_a_school = self.actor.school_name  # type: ignore[attr-defined]

        def ask(acting: Actor) -> Table:
            columns = columns_for(acting, list(choice.columns))
            rows = rows_of(acting, sorted_keys(acting, choice, columns), columns, choice.as_at)
            listed(acting, [row.child.pk for row in rows], "children:roll")
            many = count_of(len(rows), "child", "children")
            return table_of(rows, columns, caption=f"{acting.authority_name}: {many} as at {day(choice.as_at)}")

        return [(acting.authority_name, table) for acting, table in for_each_authority(self.actor, ask)[1:]]

    def _chips(self, choice: Choice) -> list[Chip]:
        """The ready-made views with their counts, then the person's own."""
        in_view, today = counts(self.actor, choice.as_at), self.actor.today
        ready = [("", "Everyone"), *((key, view.words) for key, view in views_for(self.actor).items())]
        chips = [
            Chip(
                words,
                href=reverse("children:roll") + Choice(as_at=choice.as_at, view=key).address(today),
                count=in_view[key],
                current=choice.view == key and not choice.narrowed,
            )
            for key, words in ready
        ]
        own = SavedView.objects.filter(account_id=self.actor.account, authority_id=self.actor.authority)
        return [*chips, *(Chip(view.name, href=f"{reverse('children:roll')}?{view.query}") for view in own)]

    def post(self, request: HttpRequest) -> HttpResponse:
        """The filter panel: its fixed choices go into the address, its words stay here."""
        words = request.POST.get("words", "").replace("\x00", " ").strip()
        before = self.read_choice(request.GET)
        chosen = Choice(
            as_at=before.as_at,
            narrowed={name: request.POST[name] for name in NARROWING if request.POST.get(name)},
            view=before.view,
            words=words,
            sort=before.sort,
            columns=before.columns,
            size=before.size,
        )
        if chosen.narrowed.get("kind") == "looked_after":
            del chosen.narrowed["kind"]
        key = keep_words(request, words) if words else ""
        return HttpResponseRedirect(reverse("children:roll") + chosen.address(self.actor.today, key=key))

    def _take_off(self, choice: Choice, people: list[tuple[str, str, str]]) -> list[tuple[str, str, int]]:
        """What an empty list could do without: the narrowing in words, the address without it, how many then fit."""
        form = RollFilterForm(actor=self.actor, people=people)
        found = []
        for name, value, count in what_to_take_off(self.actor, choice):
            if name in form.fields:
                words = dict(form.fields[name].choices).get(value, value)  # type: ignore[attr-defined]
                rest = {key: held for key, held in choice.narrowed.items() if key != name}
                address = choice.address(self.actor.today, key=self.key, narrowed=rest)
                found.append((f"{form.fields[name].label}: {words}", address, count))
        return found

    def _useful_days(self, choice: Choice) -> list[tuple[str, str]]:
        """Days that people ask about: the end of the last school year, the last return, a year ago."""
        today = self.actor.today
        august = today.replace(month=8, day=31)
        march = today.replace(month=3, day=31)
        days = [d if d < today else d.replace(year=d.year - 1) for d in (august, march)]
        named = [(day(each), choice.address(today, key=self.key, as_at=each)) for each in days]
        a_year_ago = today.replace(year=today.year - 1, day=min(today.day, 28))
        return [*named, ("a year ago", choice.address(today, key=self.key, as_at=a_year_ago))]


def sorted_keys(actor: Actor, choice: Choice, columns: list[Column]) -> list[int]:
    """The keys of the children who fit, in the chosen order. One query."""
    children = narrowed(actor, choice)
    wanted = choice.sort.removeprefix("-")
    column = next((each for each in columns if each.key == wanted and each.sort), None)
    by_name = ["family_name", "given_name", "pk"]
    if column is None:
        return list(
            children.order_by(
                *(["-family_name", "-given_name", "pk"] if choice.sort == "-name" else by_name)
            ).values_list("pk", flat=True)
        )
    expression = column.sort
    if choice.sort.startswith("-"):
        expression = expression[1:] if expression.startswith("-") else f"-{expression}"
    ordered = children.annotate(**column.annotate(actor, choice.as_at)).order_by(expression, *by_name)
    return list(ordered.values_list("pk", flat=True))


class FindPage(Page):
    """Takes the words of “Find a child”. They stay on the server; the result's address carries a key."""

    requires = Can.SEE_CHILDREN
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        key = keep_words(request, request.POST.get("words", ""))
        return HttpResponseRedirect(reverse("children:found", args=[key]))


class FoundPage(Page):
    """The children who match: exactly first, then those that sound or look like it."""

    requires = Can.SEE_CHILDREN
    template_name = "children/found.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        words = kept_words(request, kwargs["key"])
        columns = columns_for(self.actor, USUAL)
        matches: list[Row] = []
        near: list[Row] = []

        def ask(acting: Actor) -> None:
            found = find(acting, words)
            rows = rows_of(acting, [child.pk for child in [*found.exact, *found.alike]], columns, acting.today)
            listed(acting, [row.child.pk for row in rows], "children:found")
            exact = {child.pk for child in found.exact}
            matches.extend(row for row in rows if row.child.pk in exact)
            near.extend(row for row in rows if row.child.pk not in exact)

        for_each_authority(self.actor, ask)
        return self.show(
            words=words,
            many=count_of(len(matches), "child", "children"),
            matches=table_of(matches, columns, caption="Children who match") if matches else None,
            near=table_of(near, columns, caption="Children whose names come near") if near else None,
        )


class SaveViewPage(Page):
    """Keeps the present choice of filters and columns under a name of the person's own."""

    requires = Can.SEE_CHILDREN
    template_name = "children/save_view.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=SaveViewForm(), query=self._fixed(request.GET))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SaveViewForm(request.POST)
        query = self._fixed(QueryDict(request.POST.get("query", "")))
        if not form.is_valid():
            return self.show(form=form, query=query)
        save_view(form.cleaned_data["name"], query, actor=self.actor)
        return HttpResponseRedirect(f"{reverse('children:roll')}?{query}")

    def _fixed(self, query: QueryDict) -> str:
        """The fixed choices of an address, without a day and without words."""
        choice = Choice.from_address(query, today=self.actor.today, words="")
        return choice.address(self.actor.today, as_at=self.actor.today)[1:]


class ForgetViewPage(Page):
    """Takes a saved view away again."""

    requires = Can.SEE_CHILDREN
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = SavedView.objects.filter(
            public_id=kwargs["view"], account_id=self.actor.account, authority_id=self.actor.authority
        ).first()
        if view is None:
            raise Http404
        delete_view(view, actor=self.actor)
        return HttpResponseRedirect(reverse("children:roll"))
