"""Pages about teams and about the contacts of schools."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can, can
from onroll.access.pages import Page
from onroll.access.roles import SCHOOL_STAFF, Role
from onroll.authorities.models import Team
from onroll.design.tables import Cell, Column, Table
from onroll.design.words import count_of, day_short
from onroll.people.actions import Refused
from onroll.people.models import Post

from .actions import add_team, move_post, rename_team
from .contacts import SchoolContacts, contacts, invite_all, not_asked_in
from .forms import MemberForm, TeamForm
from .people import people_of, place_of, posts_here, role_of


class TeamsPage(Page):
    """The teams of the authority, with how many people are in each."""

    requires = Can.KEEP_POSTS
    template_name = "administration/teams.html"

    def context(self) -> dict[str, Any]:
        live = posts_here(self.actor).live(self.actor.today).filter(team__isnull=False).order_by()
        counts = dict(
            live.values("team").annotate(people=Count("account", distinct=True)).values_list("team", "people")
        )
        teams = Team.objects.filter(authority_id=self.actor.authority).order_by("name")
        rows = [
            [
                Cell(team.name, href=reverse("administration:team", args=[team.public_id])),
                count_of(counts.get(team.pk, 0), "person", "people"),
            ]
            for team in teams
        ]
        columns = [Column("Team", stacked_label=False), Column("People", stacked_label=False)]
        return {"table": Table("Teams, by name", columns, rows, stacked="brief") if rows else None}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=TeamForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TeamForm(request.POST)
        if form.is_valid():
            try:
                team = add_team(form.cleaned_data["name"], actor=self.actor)
            except Refused as why:
                form.add_error("name", str(why))
            else:
                messages.success(request, f"Added: {team.name}.")
                return HttpResponseRedirect(reverse("administration:team", args=[team.public_id]))
        return self.show(form=form)


class TeamPage(Page):
    """One team: its name, who is in it, and who joins it."""

    requires = Can.KEEP_POSTS
    template_name = "administration/team.html"

    def open(self, team: object, **kwargs: Any) -> None:  # type: ignore[override]
        found = Team.objects.filter(authority_id=self.actor.authority, public_id=team).first()
        if found is None:
            raise Http404
        self.team = found

    def context(self) -> dict[str, Any]:
        members = posts_here(self.actor).live(self.actor.today).filter(team=self.team)
        people = {person.account.pk: person for person in people_of(self.actor, members)}
        rows = [
            [
                Cell(person.name, href=reverse("administration:person", args=[person.account.public_id])),
                role_of(person.posts[0]),
                day_short(person.posts[0].start),
            ]
            for person in people.values()
        ]
        columns = [Column("Person", stacked_label=False), Column("Role", stacked_label=False), Column("Since")]
        return {"team": self.team, "table": Table("Members", columns, rows, stacked="brief") if rows else None}

    def others(self) -> list[Post]:
        """Posts that could join: the authority's own staff, of other teams or of none."""
        posts = posts_here(self.actor).live(self.actor.today).exclude(role__in=[*SCHOOL_STAFF, Role.CARER])
        return list(posts.filter(~Q(team=self.team) | Q(team__isnull=True)).order_by("account__given_name", "pk"))

    def forms(self, data: Any = None, which: str = "") -> dict[str, Any]:
        others = self.others()
        names = {person.account.pk: person.name for person in people_of(self.actor, others)}
        posts = [
            (
                str(post.public_id),
                f"{names[post.account_id]}, {role_of(post).lower()}{f', {place_of(post)}' if place_of(post) else ''}",
            )
            for post in others
        ]
        return {
            "form": TeamForm(data if which == "rename" else None, initial={"name": self.team.name}),
            "joins": MemberForm(data if which == "join" else None, posts=posts),
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(**self.forms())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        which = "join" if request.POST.get("act") == "join" else "rename"
        both = self.forms(request.POST, which)
        form = both["joins" if which == "join" else "form"]
        if form.is_valid():
            try:
                if which == "join":
                    by_key = {str(post.public_id): post for post in self.others()}
                    move_post(by_key[form.cleaned_data["post"]], self.team, actor=self.actor)
                else:
                    rename_team(self.team, form.cleaned_data["name"], actor=self.actor)
            except Refused as why:
                form.add_error("name" if which == "rename" else None, str(why))
            else:
                messages.success(request, "They are in the team now." if which == "join" else "Renamed.")
                return HttpResponseRedirect(reverse("administration:team", args=[self.team.public_id]))
        return self.show(**both)


class ContactsPage(Page):
    """Per school the designated teacher and deputies. Schools without one, where children learn, come first."""

    requires = Can.SEE_SCHOOL_CONTACTS
    template_name = "administration/contacts.html"

    def context(self) -> dict[str, Any]:
        schools = contacts(self.actor)
        missing = [row for row in schools if row.is_missing]
        keeps = can(self.actor, Can.KEEP_POSTS)
        return {
            "missing": len(missing),
            "says": f"{count_of(len(schools), 'school')}, {len(missing)} without a designated teacher here",
            "table": self._table(schools, keeps) if schools else None,
            "waiting": len(not_asked_in(self.actor)) if keeps else 0,
            "keeps": keeps,
        }

    @staticmethod
    def _table(schools: list[SchoolContacts], keeps: bool) -> Table:
        rows = []
        for row in schools:
            names = [
                Cell(
                    person.name,
                    href=reverse("administration:person", args=[person.account.public_id]) if keeps else "",
                    sub=f"{role_of(post)}. {person.account.email}" if person.has_been_in else role_of(post),
                )
                for post, person in zip(row.posts, row.people, strict=True)
            ]
            first = names[0] if names else Cell("Nobody", tag="red")
            rows.append(
                [
                    Cell(
                        row.school.name,
                        href=reverse("schools:school", args=[row.school.public_id]),
                        sub=row.school.town,
                    ),
                    first,
                    ", ".join(person.name for person in row.people[1:]) or "–",
                    day_short(row.confirmed_on) if row.confirmed_on else "Not yet",
                ]
            )
            if keeps:
                domains = reverse("administration:school_domains", args=[row.school.public_id])
                rows[-1].append(Cell(", ".join(row.domains) or "None named", href=domains))
        columns = [
            Column("School", stacked_label=False),
            Column("Designated teacher"),
            Column("Others"),
            Column("Last confirmed"),
            *([Column("E-mail domains")] if keeps else []),
        ]
        return Table("Schools and their contacts", columns, rows)


class InviteTeachersPage(Page):
    """Invites every designated teacher who has a post and was never asked in: a count first, then one message each."""

    requires = Can.KEEP_POSTS
    template_name = "administration/invite_teachers.html"
    fresh = True

    def open(self, *args: Any, **kwargs: Any) -> None:
        self.people = not_asked_in(self.actor)

    def context(self) -> dict[str, Any]:
        rows = [
            [
                Cell(person.account.email),
                Cell(place_of(person.posts[0]), sub=role_of(person.posts[0])),
                day_short(person.posts[0].start),
            ]
            for person in self.people
        ]
        columns = [Column("To", stacked_label=False), Column("School", stacked_label=False), Column("In post since")]
        return {
            "count": len(self.people),
            "table": Table("Who is invited", columns, rows, stacked="brief") if rows else None,
            "may_load": can(self.actor, Can.RUN_FEEDS),
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        sent = invite_all(self.people, actor=self.actor)
        messages.success(request, f"{count_of(sent, 'invitation is', 'invitations are')} on the way.")
        return HttpResponseRedirect(reverse("administration:contacts"))
