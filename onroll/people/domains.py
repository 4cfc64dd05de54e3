"""Which e-mail addresses may be invited without a second person: those of the authority's and the school's domains.

A domain counts with all that is below it: `sch.uk` takes in `office@hillside.ashcombe.sch.uk`. Until the authority has
named its own domains every address may be invited by one person: a list that nobody wrote would stop the first
invitations and keep nobody out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from onroll.authorities.models import Authority

from .models import SchoolDomains

_DOMAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}\Z")
# Under these anybody can have an address: to allow one would be to allow all.
ANYONES = frozenset({"co.uk", "org.uk", "me.uk", "ltd.uk", "net.uk", "plc.uk"})


def as_domains(typed: str) -> tuple[str, ...]:
    """The domains in what was typed, with commas, spaces or one on a line, each once and in order."""
    words = typed.lower().replace(",", " ").replace(";", " ").split()
    return tuple(dict.fromkeys(word.lstrip("@.") for word in words))


def why_not_domains(typed: str) -> str:
    """Why these can't be the domains of an authority or a school. Empty if they can."""
    for domain in as_domains(typed):
        if "@" in domain or not _DOMAIN.match(domain):
            return f"“{domain}” is not a domain. Enter what stands after the @, like ashcombe.gov.uk"
        if domain in ANYONES:
            return f"Anybody can have an address under {domain}. Enter the domain of the council or the school"
    return ""


@dataclass(frozen=True)
class AllowedDomains:
    """The domains of one authority, and those of schools by the id of the school."""

    authority: tuple[str, ...]
    schools: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def allow(self, email: str, school: int | None = None) -> bool:
        """Whether an address may be invited without a second person, for a post at this school or at none."""
        if not self.authority:
            return True
        domain = email.rpartition("@")[2].lower()
        allowed = (*self.authority, *(self.schools.get(school, ()) if school else ()))
        return any(domain == each or domain.endswith(f".{each}") for each in allowed)


def allowed_domains(authority: int) -> AllowedDomains:
    """What this authority allows. Two queries."""
    own = Authority.objects.values_list("mail_domains", flat=True).get(pk=authority)
    of_schools = SchoolDomains.objects.filter(authority_id=authority).values_list("school_id", "domains")
    return AllowedDomains(as_domains(own), {school: as_domains(words) for school, words in of_schools})
