"""Choosing the post to act in."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from onroll.access.can import Can
from onroll.access.middleware import POST_IN_SESSION
from onroll.access.pages import Page
from onroll.history.viewing import noted

from .posts import actor_for, live_posts


class PostsPage(Page):
    """Where a person who holds several posts says in which one they act."""

    requires = Can.USE_ONROLL
    template_name = "people/posts.html"

    def context(self) -> dict[str, Any]:
        return {"posts": live_posts(self.request.user, on=self.actor.today), "current": self.actor.post}  # type: ignore[arg-type]

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = request.POST.get("post", "")
        for post in self.context()["posts"]:
            if str(post.public_id) == chosen:
                request.session.cycle_key()
                request.session[POST_IN_SESSION] = post.pk
                noted(actor_for(post, today=self.actor.today), "choose_post", outcome="done")
                return HttpResponseRedirect("/")
        raise Http404
