"""The frame around a page: whose virtual school, who is acting, and the row of at most eight words."""

from dataclasses import dataclass, field
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localtime

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.middleware import idle_minutes
from onroll.access.roles import Role

from .installation import SIGN_INS


class NavItem(NamedTuple):
    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class OpeningBanner:
    """What stands on every page while a record is open in an emergency (BG-4)."""

    words: str
    record: str
    note: str
    end: str
    renew: str


@dataclass(frozen=True)
class Frame:
    """What the layout shows around a page. Signed out, only the product's name."""

    service_name: str = "Onroll"
    authority_code: str = ""
    authority_css: str = ""
    person: str = ""
    post: str = ""
    nav: list[NavItem] = field(default_factory=list)
    can_find_child: bool = False
    idle_minutes: int = 0
    several_posts: bool = False
    banners: list[str] = field(default_factory=list)
    opening: OpeningBanner | None = None

    @property
    def idle_seconds(self) -> int:
        return self.idle_minutes * 60


_WORDS: list[tuple[str, str, Can]] = [
    ("Children", "children:roll", Can.SEE_CHILDREN),
    ("PEPs", "peps:tracker", Can.SEE_PEPS),
    ("Schools", "schools:schools", Can.SEE_SCHOOLS),
    ("Figures", "reports:scorecard", Can.SEE_FIGURES),
    ("Plan", "plans:plans", Can.SEE_PLAN),
    ("Data", "exchange:data", Can.SEE_DATA),
    ("Looks", "looks:alerts", Can.OPEN_MATTERS),
    ("Cover", "children:cover", Can.GIVE_COVER),
    ("Roles", "people:roles", Can.SEE_THE_TABLE),
    ("People", "administration:people", Can.KEEP_POSTS),
    ("School contacts", "administration:contacts", Can.SEE_SCHOOL_CONTACTS),
    ("Settings", "administration:settings", Can.CHANGE_SETTINGS),
    ("Access reviews", "administration:reviews", Can.SEE_REVIEWS),
    ("Agreements", "people:agreements", Can.KEEP_AGREEMENTS),
    ("Calendar", "authorities:calendar", Can.SEE_CALENDAR),
]

# So that no row is longer than eight words: who keeps people finds these on that page, and the virtual school the
# contacts and the settings too; what the virtual school needs now and then stands at the foot of its home page.
AT_THE_FOOT_OF_HOME = ("children:cover", "administration:reviews", "authorities:calendar")
_ON_THE_PEOPLE_PAGE = {"people:roles", "people:agreements"}
_FOR_ADMINISTRATORS = {"administration:contacts", "administration:settings"}


def _left_out(route: str, actor: Actor) -> bool:
    if route in _ON_THE_PEOPLE_PAGE:
        return can(actor, Can.KEEP_POSTS)
    if route in AT_THE_FOOT_OF_HOME:
        return can(actor, Can.SEE_PLAN)
    return route in _FOR_ADMINISTRATORS and can(actor, Can.SEE_CHILDREN)


def left_out_of_the_row(actor: Actor) -> list[tuple[str, str]]:
    """Words and addresses of the pages that stand at the foot of this actor's home page, and not in the row."""
    return [
        (label, reverse(route))
        for label, route, act in _WORDS
        if route in AT_THE_FOOT_OF_HOME and can(actor, act) and _left_out(route, actor)
    ]


def _banners(actor: Actor | None) -> list[str]:
    banners = []
    if actor is not None and actor.demonstration:
        banners.append("This is a demonstration. Every person and school in it is invented.")
        if settings.LOOPBACK_ONLY:
            banners.append("Signing in takes no second step here. Elsewhere it always does.")
    elif actor is None and (settings.ONROLL_HOME / SIGN_INS).exists():
        banners.append("This is a demonstration. Sign in with one of the pairs that were printed when it started.")
    if settings.LOOPBACK_ONLY:
        banners.append("This installation answers on this computer only.")
    return banners


def _opening(actor: Actor) -> OpeningBanner | None:
    opening = actor.opening
    if opening is None:
        return None
    until = localtime(opening.until)
    return OpeningBanner(
        words=f"Emergency opening {opening.reference}, until {until:%H:%M}. Every page you open is written down.",
        record=reverse("profile:story", args=[opening.child_public_id]),
        note=reverse("children:opening_note"),
        end=reverse("children:opening_end"),
        renew="" if opening.renewed else reverse("children:opening_renew"),
    )


def _home_word(actor: Actor) -> str:
    if actor.role in (Role.VSH, Role.DEPUTY_VSH):
        return "Today"
    return "Home" if actor.role == Role.CARER else "Your work"


def _post_of(actor: Actor) -> str:
    """Designated teacher, Fernhill Academy. Who stands in for another says for whom."""
    words = [Role(actor.role).label, actor.school_name if actor.beside or actor.several else ""]
    words += [f"for {actor.behalf_of_name}"] if actor.behalf_of_name else []
    return ", ".join(word for word in words if word)


def page_frame(request: HttpRequest) -> Frame:
    """The frame for this request. It asks the database nothing."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return Frame(banners=_banners(None))
    here = request.path
    nav = [NavItem(_home_word(actor), "/", here == "/")]
    for label, route, act in _WORDS:
        if can(actor, act) and not _left_out(route, actor):
            url = reverse(route)
            nav.append(NavItem(label, url, here == url or here.startswith(f"{url}/")))
    # A page that lists the children of several authorities stands under the school's name and in no one's colour.
    of_a_school = getattr(request, "of_a_school", "")
    return Frame(
        service_name=of_a_school or f"{actor.authority_name} Virtual School",
        authority_code="" if of_a_school else actor.authority_code,
        authority_css="" if of_a_school else f"{reverse('authority_style')}?of={actor.authority_code}",
        person=actor.name,
        post=_post_of(actor),
        several_posts=actor.several,
        nav=nav,
        # A page of a meeting stays open longer than others.
        idle_minutes=getattr(request, "open_minutes", 0) or idle_minutes(actor),
        can_find_child=can(actor, Can.SEE_CHILDREN) and actor.role != Role.CARER,
        banners=_banners(actor),
        opening=_opening(actor),
    )
