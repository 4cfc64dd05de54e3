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
    banners: list[str] = field(default_factory=list)
    opening: OpeningBanner | None = None

    @property
    def idle_seconds(self) -> int:
        return self.idle_minutes * 60


_WORDS: list[tuple[str, str, Can]] = [
    ("Children", "children:roll", Can.SEE_CHILDREN),
    ("Data", "exchange:data", Can.SEE_DATA),
    ("Schools", "schools:schools", Can.SEE_SCHOOLS),
    ("Looks", "looks:alerts", Can.OPEN_MATTERS),
    ("Calendar", "authorities:calendar", Can.SEE_CALENDAR),
]


def _banners(actor: Actor | None) -> list[str]:
    banners = []
    if actor is not None and actor.demonstration:
        banners.append("This is a demonstration. Every person and school in it is invented.")
        if settings.LOOPBACK_ONLY:
            banners.append("In a demonstration on one computer no second step is asked for. Elsewhere it always is.")
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


def page_frame(request: HttpRequest) -> Frame:
    """The frame for this request. It asks the database nothing."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return Frame(banners=_banners(None))
    here = request.path
    nav = [NavItem(_home_word(actor), "/", here == "/")]
    for label, route, act in _WORDS:
        if can(actor, act):
            url = reverse(route)
            nav.append(NavItem(label, url, here == url or here.startswith(f"{url}/")))
    return Frame(
        service_name=f"{actor.authority_name} Virtual School",
        authority_code=actor.authority_code,
        authority_css=reverse("authority_style"),
        person=actor.name,
        post=Role(actor.role).label,
        nav=nav,
        idle_minutes=idle_minutes(actor),
        can_find_child=can(actor, Can.SEE_CHILDREN) and actor.role != Role.CARER,
        banners=_banners(actor),
        opening=_opening(actor),
    )
