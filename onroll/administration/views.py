"""Pages about the people who work here: the list, one person, inviting, posts, resets, and leaving."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access import factors, mails
from onroll.access.can import Can, can
from onroll.access.pages import Page
from onroll.access.typed import keep, kept
from onroll.design import values
from onroll.design.tables import Cell, Column, Table
from onroll.design.values import SummaryRow
from onroll.design.words import count_of, day, day_short, listed, lower_first
from onroll.exchange.problems import Unreadable
from onroll.people.actions import Refused, end_post, give_post
from onroll.people.models import Post

from .actions import (
    correct_contact,
    invite,
    invite_again,
    start_factor_reset,
    start_password_reset,
    why_not_correct,
    why_not_twice,
)
from .addresses import count_to_confirm
from .forms import (
    NOBODY,
    ContactForm,
    EndPostForm,
    FindPeopleForm,
    InviteForm,
    LeaverForm,
    LeaversFileForm,
    PostForm,
    ResetForm,
)
from .leavers import Leaver, LeaversList, all_leave, leave, read_leavers, successors_of, what_ends
from .people import STATE_COLOURS, STATES, Person, find_person, lapses_soon, last_day_of, people_of, place_of, role_of

ON_A_PAGE = 50
FACTOR_WORDS = {factors.APP: "an app", factors.PASSKEY: "a passkey", factors.CODES: "codes on paper"}


class PeoplePage(Page):
    """Everyone with a post here, now or before. What is typed to search is kept on the server."""

    requires = Can.KEEP_POSTS
    template_name = "administration/people.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.GET.get("found", "")
        search = kept(request, "people", key) or {}
        if request.GET.get("state") in STATES:
            search = {**search, "state": request.GET["state"]}
        everyone = people_of(self.actor)
        found = [person for person in everyone if _fits(person, search)]
        page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
        keep_ = {name: request.GET[name] for name in ("found", "state") if name in request.GET}
        return self.show(
            form=FindPeopleForm(initial=search),
            narrowed=bool(search),
            chips=self._chips(everyone, search),
            says=count_of(len(found), "person", "people"),
            table=_table(list(page.object_list)) if found else None,
            pages=values.Pages(page.number, ON_A_PAGE, page.paginator.count, keep=keep_, what="people"),
            may_set=can(self.actor, Can.CHANGE_SETTINGS),
            to_confirm=count_to_confirm(self.actor),
            may_keep_agreements=can(self.actor, Can.KEEP_AGREEMENTS),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FindPeopleForm(request.POST)
        typed = {name: said for name, said in form.cleaned_data.items() if said} if form.is_valid() else {}
        here = reverse("administration:people")
        return HttpResponseRedirect(f"{here}?found={keep(request, 'people', typed)}" if typed else here)

    @staticmethod
    def _chips(everyone: list[Person], search: dict[str, str]) -> list[values.Chip]:
        here = reverse("administration:people")
        chips = [values.Chip("Everyone", here, len(everyone), current=not search)]
        for state, words in STATES.items():
            count = sum(_is(person, state) for person in everyone)
            current = search == {"state": state}
            chips.append(values.Chip(words, f"{here}?state={state}", count, current=current))
        return chips


def _is(person: Person, state: str) -> bool:
    also = {"lapsing": person.is_lapsing, "unused": person.is_warned}
    return person.state == state or also.get(state, False)


def _fits(person: Person, search: dict[str, str]) -> bool:
    state, role, words = search.get("state", ""), search.get("role", ""), search.get("words", "").lower().split()
    if state and not _is(person, state):
        return False
    if role and role not in {post.role for post in person.live or person.waiting or person.posts}:
        return False
    return all(word in person.words for word in words)


def _table(people: list[Person]) -> Table:
    rows = []
    for person in people:
        shown = person.live or person.waiting or person.posts[-1:]
        soon = [ends for post in shown if lapses_soon(post, person.today) and (ends := last_day_of(post))]
        rows.append(
            [
                Cell(
                    person.name,
                    href=reverse("administration:person", args=[person.account.public_id]),
                    sub=person.account.email if person.name != person.account.email else "",
                ),
                Cell(role_of(shown[0]), sub=place_of(shown[0])),
                count_of(len(shown) - 1, "more post") if len(shown) > 1 else "–",
                Cell(
                    STATES[person.state],
                    tag=STATE_COLOURS[person.state],
                    sub=f"until {day_short(min(soon))}" if soon else "warned: unused" if person.is_warned else "",
                ),
            ]
        )
    columns = [
        Column("Person", stacked_label=False),
        Column("Post", stacked_label=False),
        Column("Others"),
        Column("State", stacked_label=False),
    ]
    return Table("People, by name", columns, rows, stacked="brief")


class OnePersonPage(Page):
    """A page about somebody with a post here. Whoever has none, now or before, does not exist."""

    abstract = True

    def open(self, person: object, **kwargs: Any) -> None:  # type: ignore[override]
        found = find_person(person, self.actor)
        if found is None:
            raise Http404
        self.person = found

    def context(self) -> dict[str, Any]:
        return {"person": self.person, "here": self.here}

    @property
    def here(self) -> str:
        return reverse("administration:person", args=[self.person.account.public_id])

    def back(self) -> HttpResponse:
        return HttpResponseRedirect(self.here)


class PersonPage(OnePersonPage):
    """One person: their posts here with dates, source and reason, and how they sign in, without a secret."""

    requires = Can.KEEP_POSTS
    template_name = "administration/person.html"

    def context(self) -> dict[str, Any]:
        person = self.person
        return {
            **super().context(),
            "state": STATES[person.state],
            "colour": STATE_COLOURS[person.state],
            "about": self._about(),
            "posts": self._posts(),
            "is_self": person.account.pk == self.actor.account,
            "refused": mails.refused(person.account.email, authority=self.actor.authority),
            "may_correct": person.has_been_in and not why_not_correct(person.account, actor=self.actor),
        }

    def _about(self) -> list[SummaryRow]:
        person, account = self.person, self.person.account
        rows = [SummaryRow("E-mail", account.email)]
        if not person.has_been_in:
            asked = (
                f"Not yet. Invited {day(person.invited_at.date())}" if person.invited_at else "Not yet, and not invited"
            )
            return [*rows, SummaryRow("Has signed in", asked)]
        steps = sorted(FACTOR_WORDS[kind] for kind in factors.kinds_of(account) if kind in FACTOR_WORDS)
        return [
            *rows,
            SummaryRow("Telephone", account.phone or "–"),
            SummaryRow("Last signed in", day(account.last_login.date()) if account.last_login else "–"),
            *self._warning(),
            SummaryRow("Second step", listed(steps).capitalize() if steps else "None set up"),
        ]

    def _warning(self) -> list[SummaryRow]:
        warned = self.person.warned_at
        if warned is None or not self.person.is_warned:
            return []
        return [SummaryRow("Unused", f"Warned {day(warned.date())}. If they do not sign in, they are switched off")]

    def _posts(self) -> Table:
        today, rows = self.actor.today, []
        for post in reversed(self.person.posts):
            ends = last_day_of(post)
            over = ends is not None and ends <= today
            until = "No end given" if ends is None else day_short(ends)
            if post.waits and not over:
                until, ends = "Waits for a second person", None
            asks = f"to be confirmed by {day_short(post.review_on)}" if post.end is None and post.lapses_on else ""
            end = reverse("administration:end_post", args=[self.person.account.public_id, post.public_id])
            rows.append(
                [
                    Cell(role_of(post), sub=place_of(post)),
                    day_short(post.start),
                    Cell(until, tag="grey" if over else "", sub=asks),
                    Cell(post.reason or "–", sub=f"from {SOURCE_WORDS.get(post.source, post.source)}"),
                    "–" if over else Cell(f"End the post as {lower_first(role_of(post))}", href=end),
                ]
            )
        columns = [
            Column("Post", stacked_label=False),
            Column("From"),
            Column("Opens nothing from"),
            Column("Why"),
            Column("Act", hidden=True),
        ]
        return Table("Posts, newest first", columns, rows)


SOURCE_WORDS = {
    "person": "a person",
    "school": "the school",
    "list": "a list that was loaded",
    "exchange": "a file that was loaded",
}


class InvitePage(Page):
    """Invites a person: who they are, and the post they are given. The message goes when this is saved."""

    requires = Can.KEEP_POSTS
    template_name = "administration/invite.html"
    fresh = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=InviteForm(actor=self.actor, initial={"start": self.actor.today}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = InviteForm(request.POST, actor=self.actor)
        if form.is_valid():
            try:
                post = invite(**form.cleaned_data, actor=self.actor)
            except Refused as why:
                form.add_error(None, str(why))
            else:
                messages.success(request, _what_happens(post, form.cleaned_data["email"]))
                return HttpResponseRedirect(reverse("administration:person", args=[post.account.public_id]))
        return self.show(form=form)


def _what_happens(post: Post, email: str) -> str:
    if post.waits:
        return (
            f"Not sent yet: {email} is of no domain that is allowed here. Somebody else who keeps people confirms it "
            "on the page “Addresses to confirm”."
        )
    return f"Invited: {email}. A message is on its way to them."


class GivePostPage(OnePersonPage):
    """Gives a person one more post."""

    requires = Can.KEEP_POSTS
    template_name = "administration/give_post.html"
    fresh = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=PostForm(actor=self.actor, initial={"start": self.actor.today}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PostForm(request.POST, actor=self.actor)
        if form.is_valid():
            typed, account = form.cleaned_data, self.person.account
            same = {name: typed[name] for name in ("team", "school", "start", "end")}
            try:
                if not account.is_active:
                    raise Refused("Their account is off. Invite them again, under the same address.")
                if why := why_not_twice(account, typed["role"], **same, actor=self.actor):
                    raise Refused(why)
                post = give_post(account, **typed, actor=self.actor)
            except Refused as why:
                form.add_error(None, str(why))
            else:
                messages.success(request, f"From {day(post.start)}: {lower_first(role_of(post))}.")
                return self.back()
        return self.show(form=form)


class EndPostPage(OnePersonPage):
    """Ends one post on a day."""

    requires = Can.KEEP_POSTS
    template_name = "administration/end_post.html"
    fresh = True

    def open(self, person: object, post: object = None, **kwargs: Any) -> None:  # type: ignore[override]
        super().open(person)
        found = next((each for each in self.person.posts if each.public_id == post), None)
        if found is None:
            raise Http404
        self.held: Post = found

    def context(self) -> dict[str, Any]:
        return {**super().context(), "words": role_of(self.held), "place": place_of(self.held), "post": self.held}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=EndPostForm(initial={"last": self.actor.today}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = EndPostForm(request.POST)
        if form.is_valid():
            try:
                end_post(self.held, end=form.cleaned_data["last"] + timedelta(days=1), actor=self.actor)
            except Refused as why:
                form.add_error("last", str(why))
            else:
                messages.success(request, f"Its last day is {day(form.cleaned_data['last'])}.")
                return self.back()
        return self.show(form=form)


class ContactPage(OnePersonPage):
    """Corrects the name and telephone of somebody who works for this authority alone."""

    requires = Can.KEEP_POSTS
    template_name = "administration/contact.html"
    fresh = True

    def context(self) -> dict[str, Any]:
        why = why_not_correct(self.person.account, actor=self.actor)
        # Of somebody who has not been in yet nothing is shown, whether or not another authority knows them.
        waits = "" if self.person.has_been_in else "They enter their own details when they first sign in."
        return {**super().context(), "why_not": why or waits}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        account = self.person.account
        known = {name: getattr(account, name) for name in ("given_name", "family_name", "phone")}
        return self.show(form=ContactForm(initial=known))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ContactForm(request.POST)
        if self.context()["why_not"] or not form.is_valid():
            return self.show(form=form)
        correct_contact(self.person.account, **form.cleaned_data, actor=self.actor)
        messages.success(request, "Corrected.")
        return self.back()


class InviteAgainPage(OnePersonPage):
    """Sends the invitation once more."""

    requires = Can.KEEP_POSTS
    fresh = True
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            invite_again(self.person.account, actor=self.actor)
        except Refused as why:
            messages.error(request, str(why))
        else:
            messages.success(request, "The invitation is on its way again. The link lasts 7 days.")
        return self.back()


class ResetPage(OnePersonPage):
    """Starts a reset for somebody who lost their password or second step. What comes in its place they choose."""

    requires = Can.KEEP_POSTS
    template_name = "administration/reset.html"
    fresh = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=ResetForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ResetForm(request.POST)
        if form.is_valid():
            account = self.person.account
            try:
                if form.cleaned_data["what"] == "password":
                    start_password_reset(account, actor=self.actor)
                else:
                    start_factor_reset(account, reason=form.cleaned_data["reason"], actor=self.actor)
            except Refused as why:
                form.add_error(None, str(why))
            else:
                messages.success(request, "A message with a link is on its way to them. Only they can use it.")
                return self.back()
        return self.show(form=form)


class LeavePage(OnePersonPage):
    """Says what ends when a person leaves, and ends it in one act."""

    requires = Can.KEEP_POSTS
    template_name = "administration/leave.html"
    fresh = True

    def open(self, person: object, **kwargs: Any) -> None:  # type: ignore[override]
        super().open(person)
        self.ends = what_ends(self.person, self.actor)
        self.successors = (
            successors_of(self.person, self.ends, people_of(self.actor)) if self.ends.needs_successor else []
        )

    def context(self) -> dict[str, Any]:
        is_self = self.person.account.pk == self.actor.account
        return {**super().context(), "ends": self.ends.sentences, "is_self": is_self}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=LeaverForm(ends=self.ends, people=self.successors))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = LeaverForm(request.POST, ends=self.ends, people=self.successors)
        if form.is_valid():
            chosen = form.cleaned_data.get("successor", NOBODY)
            by_key = {str(other.account.public_id): other.account for other in self.successors}
            try:
                leave(self.person.account, successor=by_key.get(chosen), actor=self.actor)
            except Refused as why:
                form.add_error(None, str(why))
            else:
                messages.success(request, f"All access of {self.person.name} has ended.")
                return self.back()
        return self.show(form=form)


class LeaversPage(Page):
    """A list of leavers: what it would do in sentences, then everything in one act. The file itself is not kept."""

    requires = Can.KEEP_POSTS
    template_name = "administration/leavers.html"
    fresh = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=LeaversFileForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("act") == "end":
            return self._end(request)
        form = LeaversFileForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                found = read_leavers(form.cleaned_data["file"], self.actor)
            except Unreadable as why:
                form.add_error("file", str(why))
            else:
                return self._preview(found)
        return self.show(form=form)

    def _preview(self, found: LeaversList) -> HttpResponse:
        rows = [
            [
                str(leaver.person.account.public_id),
                str(leaver.successor.account.public_id) if leaver.successor else "",
            ]
            for leaver in found.leavers
        ]
        count = len(found.leavers)
        lines = [values.ImportSentence(count, "person leaves today" if count == 1 else "people leave today")]
        posts = sum(len(leaver.person.live) for leaver in found.leavers)
        lines.append(values.ImportSentence(posts, "post ends" if posts == 1 else "posts end"))
        handed = sum(leaver.successor is not None for leaver in found.leavers)
        lines.append(
            values.ImportSentence(handed, "hands over to a successor" if handed == 1 else "hand over to a successor")
        )
        bad = len(found.not_understood)
        words = "row was not understood and is left out" if bad == 1 else "rows were not understood and are left out"
        lines.append(values.ImportSentence(bad, words, problem=bool(bad)))
        table = [
            [
                Cell(leaver.person.name, sub=leaver.person.account.email),
                Cell(role_of(leaver.person.live[0]), sub=place_of(leaver.person.live[0])),
                leaver.successor.name if leaver.successor else "Nobody",
            ]
            for leaver in found.leavers
        ]
        columns = [Column("Person", stacked_label=False), Column("Post", stacked_label=False), Column("Successor")]
        return self.show(
            key=keep(self.request, "leavers", rows) if rows else "",
            lines=lines,
            table=Table("Who leaves", columns, table) if table else None,
            not_understood=found.not_understood,
            count=count,
        )

    def _end(self, request: HttpRequest) -> HttpResponse:
        rows = kept(request, "leavers", request.POST.get("key", ""))
        if not rows:
            messages.error(request, "Choose the list again: it is no longer kept.")
            return HttpResponseRedirect(reverse("administration:leavers"))
        people = {str(person.account.public_id): person for person in people_of(self.actor)}
        leavers = [Leaver(people[key], people.get(successor)) for key, successor in rows if people[key].live]
        try:
            count = all_leave(leavers, actor=self.actor)
        except Refused as why:
            messages.error(request, str(why))
            return HttpResponseRedirect(reverse("administration:leavers"))
        messages.success(request, f"All access of {count_of(count, 'person', 'people')} has ended.")
        return HttpResponseRedirect(f"{reverse('administration:people')}?state=ended")
