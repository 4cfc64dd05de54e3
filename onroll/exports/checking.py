"""When a second person looks through what is about to leave, and what is pointed out to them in its text."""

import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import html as parse
from python_calamine import CalamineWorkbook

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.authorities.models import Authority
from onroll.children.leaks import found_in, what_looks_like_an_address
from onroll.children.models import (
    Allocation,
    CareEpisode,
    Child,
    Disclosure,
    FormerName,
    PlacementAddress,
    SchoolPlace,
)
from onroll.design import pdfs, word_files

from .models import Export
from .recipients import PARENT, Recipient

SURNAME, ADDRESS, PLACE = "surname", "address", "place"
_RESTRICTED = ("P4", "P5")


def limit_of(actor: Actor) -> int:
    """How many children may leave without a fresh second factor (a setting of the authority)."""
    return Authority.objects.only("export_limit").get(pk=actor.authority).export_limit


def has_class(sections: Iterable[Section], *classes: str) -> bool:
    return any(section.data_class in classes for section in sections)


def needs_fresh(children: int, sections: Collection[Section], *, actor: Actor) -> bool:
    """Whether so many children with these sections leave only with a fresh second factor."""
    return has_class(sections, "P3", *_RESTRICTED) and children > limit_of(actor)


def why_second_for_list(children: int, sections: Collection[Section], *, actor: Actor) -> str:
    """Why a second person checks this list. Empty: nobody has to."""
    if has_class(sections, *_RESTRICTED) and children > limit_of(actor):
        return "It holds restricted facts of more children than may leave on one person’s word."
    return ""


def why_second_for_copy(child: Child, recipient: Recipient, sections: Collection[Section]) -> str:
    """Why a second person checks this copy (EXP-2). Empty: nobody has to."""
    if has_class(sections, *_RESTRICTED):
        return "It holds restricted facts."
    if recipient.key == PARENT and is_marked(child):
        return "Parents and relatives of this child must not be told everything."
    return ""


def why_second_for_plan(
    child: Child,
    recipient: Recipient,
    sections: Collection[Section],
    texts: Iterable[str],
    *,
    told_school: bool,
    actor: Actor,
) -> str:
    """Why a second person checks this copy of a plan: as for any copy, and where what people wrote could tell a school
    that the recipient must not know, an address, or who the carer is.
    """
    if why := why_second_for_copy(child, recipient, sections):
        return why
    if not told_school:
        return "This reader must not know the school."
    written = list(texts)
    text = "\n".join(written)
    if found_in(written, child, actor) or what_looks_like_an_address(text):
        return "Something in it looks like an address."
    names = Allocation.unscoped.filter(child=child, role=Role.CARER).values_list("account__family_name", flat=True)
    carers = [re.escape(name) for name in names if name and name != child.family_name]
    if carers and re.search(rf"(?<!\w)(?:{'|'.join(carers)})(?!\w)", text, re.IGNORECASE):
        return "It seems to name a carer."
    return ""


def is_marked(child: Child) -> bool:
    """Whether any address or school of the child carries a mark above ordinary. An address not yet told carries one."""
    if PlacementAddress.unscoped.filter(child=child).exclude(disclosure=Disclosure.ORDINARY).exists():
        return True
    if SchoolPlace.unscoped.filter(child=child).exclude(disclosure=Disclosure.ORDINARY).exists():
        return True
    return CareEpisode.unscoped.filter(child=child, end__isnull=True, address__isnull=True).exists()


# The text of what leaves


def text_of(export: Export, data: bytes) -> list[list[str]]:
    """What is in the file, read back from the file itself, line by line."""
    match export.format:
        case Export.Format.CSV:
            return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        case Export.Format.XLSX:
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            return [
                [str(cell) for cell in row]
                for name in book.sheet_names
                for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            ]
        case Export.Format.PDF:
            return [[line] for line in pdfs.text_of(data)]
        case Export.Format.DOCX:
            return word_files.text_of(data)
        case Export.Format.HTML:
            page: Any = parse.fromstring(data)
            said = page.xpath("//body//*[self::h1 or self::h2 or self::p or self::tr]")
            return [
                [" ".join(cell.text_content().split()) for cell in each] if each.tag == "tr" else [each.text_content()]
                for each in said
            ]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [[name, f"{max(archive.read(name).count(10) - 1, 0)} lines"] for name in archive.namelist()]


@dataclass(frozen=True)
class Piece:
    """A stretch of text, and what is pointed out about it: a surname, an address, a place, or nothing."""

    text: str
    kind: str = ""


_POSTCODE = r"[A-Z]{1,2}[0-9][0-9A-Z]?\s?[0-9][A-Z]{2}"
_HOUSE = r"[0-9]{1,4}[A-Z]?\s+(?:[A-Z'’]+\s+){1,3}(?:street|st|road|rd|lane|avenue|ave|close|drive|court|crescent|way)"


class Highlighter:
    """Points out addresses, surnames and places of these children in a text. Six queries."""

    def __init__(self, children: Collection[int]) -> None:
        self.children = children

    @cached_property
    def _kinds(self) -> dict[str, str]:
        """What is pointed out, in small letters, and what it is."""
        found: dict[str, str] = {}
        places = SchoolPlace.unscoped.filter(child__in=self.children, school__isnull=False)
        for name, town in places.values_list("school__name", "school__town").distinct():
            found |= {each.casefold(): PLACE for each in (name, town) if len(each) > 1}
        surnames = [
            *Child.unscoped.filter(pk__in=self.children).values_list("family_name", flat=True),
            *FormerName.unscoped.filter(child__in=self.children).values_list("family_name", flat=True),
            *Allocation.unscoped.filter(child__in=self.children, role=Role.CARER).values_list(
                "account__family_name", flat=True
            ),
        ]
        found |= {each.casefold(): SURNAME for each in surnames if len(each) > 1}
        for held in PlacementAddress.unscoped.filter(child__in=self.children):
            lines = re.split(r"[,\n;]", f"{held.address},{held.postcode},{held.home_postcode}")
            found |= {line.strip().casefold(): ADDRESS for line in lines if len(line.strip()) > 2}
        return found

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        known = sorted(self._kinds, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join([*map(re.escape, known), _POSTCODE, _HOUSE])})(?!\w)", re.IGNORECASE)

    def pieces(self, text: str) -> list[Piece]:
        """The text in pieces, in order: put together they are the text."""
        found, end = [], 0
        for match in self._pattern.finditer(text):
            if match.start() > end:
                found.append(Piece(text[end : match.start()]))
            found.append(Piece(match.group(), self._kinds.get(match.group().casefold(), ADDRESS)))
            end = match.end()
        return [*found, Piece(text[end:])] if end < len(text) or not found else found
