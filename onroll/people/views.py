"""Choosing the post to act in; keeping posts and agreements; what each role can see."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access import scope
from onroll.access.actors import Actor
from onroll.access.can import Can
from onroll.access.explaining import explained
from onroll.access.middleware import POST_IN_SESSION
from onroll.access.models import Account
from onroll.access.pages import Page
from onroll.access.roles import PARTNERS, Role
from onroll.history.viewing import noted

from .actions import Refused, confirm_post, make_agreement
from .forms import AgreementForm, ChoosePostForm
from .models import WARNING, Post, SharingAgreement
from .posts import actor_for, actor_in_cover, posts_and_cover


class RolesPage(Page):
    """What each role can see of a child, and why no more."""

    requires = Can.SEE_THE_TABLE
    template_name = "people/roles.html"

    def context(self) -> dict[str, Any]:
        chosen = self.request.GET.get("role", "")
        roles = explained()
        shown = roles.get(Role(chosen)) if chosen in Role else None
        return {"roles": list(roles), "shown": shown}


class DuePostsPage(Page):
    """Posts that somebody has to confirm, and those that do not count for want of an agreement."""

    requires = Can.KEEP_POSTS
    template_name = "people/due_posts.html"

    def context(self) -> dict[str, Any]:
        today = self.actor.today
        open_ones = Post.objects.filter(authority_id=self.actor.authority, account__is_active=True).filter(
            Q(end__isnull=True) | Q(end__gt=today)
        )
        posts = list(open_ones.select_related("account", "school", "team", "agreement").order_by("review_on", "pk"))
        soon = today + WARNING
        return {
            "due": [post for post in posts if post.lapses_on is not None and post.review_on <= soon],
            "without": [post for post in posts if post.role in PARTNERS and not post.is_live(today)],
            "today": today,
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        held = Post.objects.filter(authority_id=self.actor.authority, end__isnull=True)
        try:
            found = held.filter(public_id=request.POST.get("post", "")).first()
        except ValidationError:
            found = None
        if found is None:
            raise Http404
        confirm_post(found, actor=self.actor)
        messages.success(request, f"Confirmed for a year: {found.account.name}, {found.get_role_display().lower()}.")
        return HttpResponseRedirect(reverse("people:due_posts"))


class AgreementsPage(Page):
    """The sharing agreements on which partner services' posts rest."""

    requires = Can.KEEP_AGREEMENTS
    template_name = "people/agreements.html"

    def context(self) -> dict[str, Any]:
        found = SharingAgreement.objects.filter(authority_id=self.actor.authority).order_by("-start", "-pk")
        return {"agreements": [(each, each.is_in_force(self.actor.today)) for each in found], "today": self.actor.today}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=AgreementForm(initial={"start": self.actor.today}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AgreementForm(request.POST)
        if form.is_valid():
            try:
                made = make_agreement(**form.cleaned_data, actor=self.actor)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"Recorded: {made.title}.")
                return HttpResponseRedirect(reverse("people:agreements"))
        return self.show(form=form)


class PostsPage(Page):
    """Where a person who holds several posts says in which one they act."""

    requires = Can.USE_ONROLL
    template_name = "people/posts.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        account: Any = self.request.user
        self.account: Account = account
        self.posts, self.cover = posts_and_cover(account, on=self.actor.today)

    def context(self) -> dict[str, Any]:
        return {"due": [post for post in self.posts if post.is_due(self.actor.today)]}

    def form(self, data: Any = None) -> ChoosePostForm:
        now = [each for each in self.cover if each.pk == self.actor.cover]
        now = now or [post for post in self.posts if post.pk == self.actor.post]  # type: ignore[misc]
        current = {"post": str(now[0].public_id)} if now else {}
        return ChoosePostForm(data, posts=self.posts, cover=self.cover, initial=current)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen, today = request.POST.get("post", ""), self.actor.today
        if not chosen:
            return self.show(form=self.form(request.POST))
        for post in self.posts:
            if str(post.public_id) == chosen:
                return self._act_in(actor_for(post, today=today))
        for cover in self.cover:
            if str(cover.public_id) == chosen:
                return self._act_in(actor_in_cover(cover, self.account, today=today))
        raise Http404

    def _act_in(self, actor: Actor) -> HttpResponse:
        self.request.session.cycle_key()
        self.request.session[POST_IN_SESSION] = actor.chosen
        with scope.in_authority(actor.authority):
            noted(actor, "choose_post", outcome="done")
        return HttpResponseRedirect("/")
