"""A few documents on the records of the demonstration: reports, letters, minutes and a picture of one page."""

import hashlib
import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from onroll.access.models import Account
from onroll.access.sections import Section
from onroll.children.models import Child
from onroll.documents import storing
from onroll.documents.examining import examine
from onroll.documents.models import Document, DocumentVersion
from onroll.history.changes import ThisChange

from .cast import MIAS_NUMBER
from .chance import Chance
from .lives import Life
from .writing import Writer

# How many children beside Mia have documents. Each costs a file on the disk.
HOW_MANY = 12

Kind = Document.Kind


def write_documents(
    writer: Writer, this: ThisChange, children: list[Child], lives: list[Life], by: Account, *, seed: int
) -> None:
    """Four documents for Mia, one or two for a dozen others."""
    chance, today = Chance(seed, "documents"), writer.today

    def add(
        child: Child, section: Section, kind: str, title: str, words: list[str], *, ago: int, pdf: bool = False
    ) -> None:
        added = timezone.make_aware(datetime.combine(today - timedelta(days=ago), time(14, 30)))
        document = writer.of(
            Document,
            authority_id=writer.authority.pk,
            child=child,
            part=section.value,
            title=title,
            kind=kind,
            added_by=by,
            added_at=added,
            lock=uuid.UUID(str(chance.uuid())),
        )
        name = f"{title}.{'pdf' if pdf else 'txt'}"
        kept = examine(name, a_page(title, words) if pdf else "\n\n".join([title, *words]).encode())
        values: dict[str, Any] = {"type": kept.type, "size": len(kept.data), "pages": kept.pages}
        version = writer.of(
            DocumentVersion,
            authority_id=writer.authority.pk,
            child=child,
            document=document,
            number=1,
            file_name=name,
            sha256=hashlib.sha256(kept.data).hexdigest(),
            state=DocumentVersion.State.CLEAN,
            added_by=by,
            added_at=added,
            lock=uuid.UUID(str(chance.uuid())),
            **values,
        )
        storing.keep(version, kept.data)
        this.create(document)
        this.create(version)

    mia = next(child for child, life in zip(children, lives, strict=True) if life.number == MIAS_NUMBER)
    add(mia, Section.ATTAINMENT, Kind.REPORT, f"Summer report {_year(today)}", _REPORT, ago=40, pdf=True)
    add(mia, Section.SEN, Kind.ADVICE, "Advice on reading", _ADVICE, ago=95, pdf=True)
    add(mia, Section.CARE, Kind.MINUTES, "Minutes of the care review", _MINUTES, ago=63)
    add(mia, Section.SCHOOL, Kind.LETTER, "Letter about the school trip", _LETTER, ago=12)
    in_school = [
        child
        for child, life in zip(children, lives, strict=True)
        if life.left_on is None and life.periods and life.main_places and child.pk != mia.pk
    ]
    for child in chance.some(in_school, HOW_MANY):
        add(child, Section.ATTAINMENT, Kind.REPORT, "School report", _REPORT, ago=chance.randint(20, 120))


def _year(today: date) -> int:
    return today.year if today.month >= 9 else today.year - 1


_REPORT = [
    "Works with care in mathematics and asks good questions in science.",
    "Reading has moved on this term. The next step is to plan before writing.",
    "Takes part in the choir and has been on time every day since half-term.",
]
_ADVICE = [
    "Reads single words with confidence and loses the thread in longer texts.",
    "In class: read the question aloud first, give one step at a time, and allow more time.",
    "We look at this again after two terms.",
]
_MINUTES = [
    "Present: the social worker, the carer, the designated teacher, the independent reviewing officer.",
    "School is going well. The plan for the summer was agreed.",
    "Next review in six months.",
]
_LETTER = ["The trip to the coast is on the last Friday of term. Please return the form by Monday."]


def a_page(title: str, lines: list[str]) -> bytes:
    """A PDF of one page with a title and some lines."""
    shown = [f"BT /F1 18 Tf 60 770 Td ({_escaped(title)}) Tj ET"]
    shown += [f"BT /F1 11 Tf 60 {730 - 26 * at} Td ({_escaped(line)}) Tj ET" for at, line in enumerate(lines)]
    content = "\n".join(shown)
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(content)}>>\nstream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    whole, places = "%PDF-1.4\n", []
    for number, words in enumerate(objects, start=1):
        places.append(len(whole))
        whole += f"{number} 0 obj\n{words}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        f"{whole}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(whole)}\n%%EOF\n"
    ).encode("latin-1")


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
