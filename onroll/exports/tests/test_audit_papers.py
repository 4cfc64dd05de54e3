"""The audit of a plan as one file: what is in it, what its name tells, and who has it."""

import io
from datetime import timedelta

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.children.tests.scene import an_authority, write
from onroll.exports import storing
from onroll.exports.checking import text_of
from onroll.exports.models import Export
from onroll.history.models import Entry
from onroll.peps.audit_actions import agree_grade, audit_plan, current_audit
from onroll.peps.models import PepAudit
from onroll.peps.tests.scene import a_cast, a_pep, a_target, with_terms_around
from onroll.peps.writing import Writing

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def cast(db):
    """Mia's plan, audited by the adviser, with a grade for its one target."""
    cast = a_cast(TODAY, write(with_terms_around(an_authority(), TODAY)))
    days = {"opens_on": TODAY - timedelta(days=60), "due_on": TODAY, "submitted_on": TODAY}
    cast.pep = a_pep(cast.child, state="in_audit", **days)
    cast.target = a_target(cast.pep)
    write(PepAudit(authority=cast.authority, child=cast.child, pep=cast.pep, drawn_on=TODAY, why_drawn="At random."))
    audit_plan(
        Writing(cast.pep, cast.actors["adviser"]),
        ticks=[],
        strong="The line about the library",
        feedback={"voice": "Ask her again"},
        changed={"ta_count": "They stand in the file that is attached"},
        targets={cast.target.key: ("good", "It can be counted")},
    )
    return cast


def address(cast) -> str:
    return reverse("exports:audit_paper", args=[cast.child.public_id, cast.pep.public_id])


def take(client, cast, who="head", format="docx"):
    client.force_login(cast.accounts[who])
    return client.post(address(cast), {"format": format}, follow=True)


def test_one_press_hands_the_audit_over_in_a_file_whose_name_tells_nothing_of_the_child(client, cast):
    answer = take(client, cast, "worker", "pdf")

    assert answer["Content-Type"] == "application/pdf"
    reference = current_audit(cast.pep).reference
    name = f"pep-audit-{reference}-autumn-2026-27-{timezone.now():%Y-%m-%d}.pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert "Mia" not in str(pdf.docinfo)
    made = Export.objects.get()
    assert (made.recipient, made.sections, made.keys) == ("case_record", "a,g", [cast.child.pk])
    acts = Entry.objects.filter(child=cast.child.pk, act__in=("export", "download")).values_list("act", flat=True)
    assert "export" in set(acts)


def test_it_holds_the_result_criterion_by_criterion_and_target_by_target(client, cast):
    agree_grade(cast.pep, "requires_improvement", "Its targets can be counted", actor=cast.actors["head"])

    take(client, cast)

    said = "\n".join(" | ".join(line) for line in text_of(Export.objects.get(), storing.kept(Export.objects.get())))
    for words in (
        *("Mia Dawson", current_audit(cast.pep).reference, "The line about the library", "Ask her again"),
        *("They stand in the file that is attached", "It can be counted", "Requires improvement", "Adviser Doyle"),
        *("Its targets can be counted", "Reviewing officer"),
    ):
        assert words in said, words


def test_who_does_not_read_plans_or_make_copies_has_no_such_file(client, cast):
    for who in ("teacher", "iro", "support", "carer"):
        assert take(client, cast, who).status_code == 404
    assert not Export.objects.exists()


def test_who_may_still_be_the_second_marker_is_not_told_the_grade_by_a_file(client, cast):
    write(PepAudit(authority=cast.authority, child=cast.child, pep=cast.pep, second=True, drawn_on=TODAY))

    assert take(client, cast, "head").status_code == 404
    assert take(client, cast, "adviser").status_code == 200


def test_a_plan_without_an_audit_has_no_such_file(client, cast):
    other = a_pep(cast.child, academic_year="2025-26")
    client.force_login(cast.accounts["head"])

    assert client.post(reverse("exports:audit_paper", args=[cast.child.public_id, other.public_id])).status_code == 404
