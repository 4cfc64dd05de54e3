"""The home page, and the pages about the product itself."""

import base64
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access import scope
from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.pages import Page
from onroll.authorities.models import Authority, Logo
from onroll.children.acting import for_each_authority
from onroll.history.viewing import listed

from .home import AtOneSchool, Home
from .navigation import left_out_of_the_row

WEEK_SHOWN = 8

# What stands at the foot of a home page, for those who have the act.
KEEPS = (
    ("Open a record in an emergency", "children:emergency", Can.OPEN_IN_EMERGENCY),
    ("Emergency openings", "children:openings", Can.REVIEW_OPENINGS),
    ("People who must not see a record", "children:apart", Can.KEEP_APART),
    ("Sealed register", "children:sealed", Can.KEEP_SEALED),
)


class HomePage(Page):
    """What needs this person first, then their children at a glance."""

    requires = Can.USE_ONROLL
    template_name = "site/home.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.actor.opening is not None:
            return HttpResponseRedirect(reverse("profile:story", args=[self.actor.opening.child_public_id]))
        everything = request.GET.get("week") == "all"
        homes = [home for _, home in for_each_authority(self.actor, lambda acting: self._home(acting, everything))]
        at_one_school = AtOneSchool(homes) if len(homes) > 1 else None
        if at_one_school:
            request.of_a_school = self.actor.school_name  # type: ignore[attr-defined]
        this_week = at_one_school.this_week if at_one_school else homes[0].this_week
        news = this_week if everything else this_week[:WEEK_SHOWN]
        return self.show(
            home=homes[0],
            at_one_school=at_one_school,
            news=news,
            more_news=len(this_week) - len(news),
            may_load=can(self.actor, Can.RUN_FEEDS),
            keeps=[
                *left_out_of_the_row(self.actor),
                *((words, reverse(route)) for words, route, act in KEEPS if can(self.actor, act)),
            ],
        )

    def _home(self, actor: Actor, everything: bool) -> Home:
        """The home page in one authority, read and written down there."""
        home = Home(actor)
        listed(actor, home.shown(home.this_week if everything else home.this_week[:WEEK_SHOWN]), "home")
        return home


class ComponentsPage(Page):
    """Every component of the product's look, in each of its states."""

    requires = Can.USE_ONROLL
    template_name = "design/components.html"

    def context(self) -> dict[str, Any]:
        from onroll.design.showcase import showcase

        return showcase()


class AuthorityStylePage(Page):
    """The authority's colour and logo, as generated rules: a page may not carry a style of its own."""

    requires = Can.ANYONE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from onroll.design.colours import authority_css, logo_css

        code = request.GET.get("of", "")
        of = Authority.objects.filter(code=code).values_list("colour", flat=True)
        css = authority_css(of.first() or Authority._meta.get_field("colour").default)
        if logo := _logo_of(code):
            address = f"{reverse('authority_logo')}?{urlencode({'of': code, 'is': str(logo.public_id)})}"
            css += logo_css(address, width=logo.width, height=logo.height)
        return HttpResponse(css, content_type="text/css")


class AuthorityLogoPage(Page):
    """The authority's logo. It is no secret: it stands on the authority's letters."""

    requires = Can.ANYONE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        logo = _logo_of(request.GET.get("of", ""))
        if logo is None:
            raise Http404
        return HttpResponse(base64.b64decode(logo.png), content_type="image/png")


def _logo_of(code: str) -> Logo | None:
    authority = Authority.objects.filter(code=code).values_list("pk", flat=True).first()
    if authority is None:
        return None
    with scope.in_authority(authority):
        return Logo.objects.of(authority)


class HelpPage(Page):
    """How to use the product, and whom to ask."""

    requires = Can.ANYONE
    template_name = "site/help.html"


class PrivacyPage(Page):
    """What is held about children and staff, and who may see it."""

    requires = Can.ANYONE
    template_name = "site/privacy.html"


class AccessibilityPage(Page):
    """The accessibility statement."""

    requires = Can.ANYONE
    template_name = "site/accessibility.html"
