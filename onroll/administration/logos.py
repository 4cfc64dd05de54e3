"""The logo of the authority: taken in as every file from outside is, then shown beside the name on each page."""

import base64
import struct

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.authorities.models import Logo
from onroll.children.contradictions import refuse_if
from onroll.documents.apart import examine_apart, picture_apart
from onroll.documents.refusing import NotAccepted
from onroll.history.changes import change, verb

verb("authority.logo_set", "{actor} set the logo of the authority")
verb("authority.logo_removed", "{actor} removed the logo of the authority")

# Of what is kept, in bytes: every page asks for it.
LARGEST_LOGO = 150_000
TYPES = ("png", "jpg")
_NOT_ALLOWED = "Your role does not change the settings of the authority."


def made_anew(name: str, data: bytes) -> bytes:
    """The picture as a PNG of ours, without whatever else the file held. Raises NotAccepted with why not."""
    examined = examine_apart(name, data)
    if examined.type not in TYPES:
        raise NotAccepted("The logo must be a PNG or JPEG picture")
    png = picture_apart(examined.type, examined.data, 1)
    if len(png) > LARGEST_LOGO:
        raise NotAccepted("The picture is too large for a logo. Make it smaller, about 400 pixels wide")
    return png


def set_logo(png: bytes, *, actor: Actor) -> None:
    """Show this picture, as `made_anew` gave it, in the place of the one before."""
    refuse_if("" if can(actor, Can.CHANGE_SETTINGS) else _NOT_ALLOWED)
    with change("authority.logo_set", actor=actor) as this:
        this.delete(Logo.objects.filter(authority_id=actor.authority))
        width, height = _size_of(png)
        picture = base64.b64encode(png).decode()
        this.create(Logo(authority_id=actor.authority, png=picture, width=width, height=height))


def remove_logo(*, actor: Actor) -> None:
    """Show the name alone."""
    refuse_if("" if can(actor, Can.CHANGE_SETTINGS) else _NOT_ALLOWED)
    with change("authority.logo_removed", actor=actor) as this:
        this.delete(Logo.objects.filter(authority_id=actor.authority))


def _size_of(png: bytes) -> tuple[int, int]:
    """Width and height, which stand at the same place in every PNG."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height
