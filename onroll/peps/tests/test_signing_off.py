"""Plans that nobody drew for audit: signed off by the rule that the authority states, and by nobody's forgetting."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from onroll.access.models import Mail
from onroll.children.models import Child
from onroll.children.tests.scene import a_child, an_authority, an_episode, write
from onroll.codes.working_days import add_working_days
from onroll.history.models import Change
from onroll.peps.audit_actions import draw_sample
from onroll.peps.models import Pep, PepAudit, PepSettings, Signature
from onroll.peps.signing_off import sign_off_undrawn, why_by_hand
from onroll.peps.tests.scene import a_cast, a_pep, with_terms_around

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
LAST_MONTH = (TODAY.replace(day=1) - timedelta(days=1)).replace(day=10)


@pytest.fixture
def cast(db):
    return a_cast(TODAY, write(with_terms_around(an_authority(), TODAY)))


def handed_in(child: Child, on: date = TODAY, *, signed: tuple[str, ...] = ("lead", "social_worker"), **fields) -> Pep:
    year = Pep.unscoped.count()
    own = {"academic_year": f"20{10 + year}-{11 + year}", "state": "submitted", "submitted_on": on}
    pep = a_pep(child, **{**own, "opens_on": on - timedelta(days=40), "due_on": on, **fields})
    for signed_as in signed:
        write(Signature(authority_id=pep.authority_id, child=child, pep=pep, signed_as=signed_as, on=on, by_name="Tam"))
    return pep


def state(pep: Pep) -> str:
    return Pep.unscoped.get(pk=pep.pk).state


def a_sample_of_one(cast, on: date) -> Pep:
    """A plan of the month of a day that was drawn, on that day."""
    pep = handed_in(cast.child, on, state="in_audit")
    own = {"authority": cast.authority, "child": cast.child, "pep": pep}
    write(PepAudit(**own, drawn_on=on, why_drawn="Drawn at random."))
    return pep


def test_what_the_sample_left_is_signed_off_with_the_rule_and_told_as_by_a_person(cast):
    write(PepSettings(authority=cast.authority, sample_at_least=1, sample_share=1))
    peps = [handed_in(cast.child) for _ in range(3)]
    assert sign_off_undrawn(cast.authority, today=TODAY) == 0, "Nothing was drawn yet."

    draw_sample(cast.authority.pk, TODAY.replace(day=1), actor=cast.actors["head"])

    assert sign_off_undrawn(cast.authority, today=TODAY) == 2
    assert sorted(state(pep) for pep in peps) == ["in_audit", "signed_off", "signed_off"]
    done = Pep.unscoped.filter(state="signed_off").first()
    assert (done.signed_off_on, done.grade) == (TODAY, "")
    theirs = Signature.unscoped.get(pep=done, signed_as="virtual_school")
    assert theirs.by_name == "Onroll"
    assert theirs.instead.startswith(f"By rule: the sample of {TODAY:%B %Y} was drawn")
    assert Change.objects.filter(verb="pep.sign_off", reason=theirs.instead).count() == 2
    assert set(Mail.objects.filter(kind="pep_signed_off").values_list("to__family_name", "to__given_name")) == {
        ("Doyle", "Teacher"),
        ("Doyle", "Worker"),
    }
    assert sign_off_undrawn(cast.authority, today=TODAY) == 0


def test_a_sample_that_was_drawn_before_a_plan_came_in_did_not_pass_it_over(cast):
    write(PepSettings(authority=cast.authority, sample_at_least=1, sample_share=1))
    early = LAST_MONTH - timedelta(days=2)
    a_sample_of_one(cast, early)
    late = handed_in(cast.child, LAST_MONTH)

    assert sign_off_undrawn(cast.authority, today=LAST_MONTH) == 0
    # When the month is over and the sample has its size, nothing more is drawn of it.
    assert sign_off_undrawn(cast.authority, today=TODAY) == 1
    assert state(late) == "signed_off"


def test_a_sample_that_lacks_plans_keeps_the_rest_of_a_month_that_is_over(cast):
    write(PepSettings(authority=cast.authority, sample_at_least=2, sample_share=1))
    a_sample_of_one(cast, LAST_MONTH - timedelta(days=2))
    late = handed_in(cast.child, LAST_MONTH)

    assert sign_off_undrawn(cast.authority, today=TODAY) == 0
    assert state(late) == "submitted"


def test_a_plan_taken_in_by_hand_is_no_sample(cast):
    drawn = handed_in(cast.child, state="in_audit")
    own = {"authority": cast.authority, "child": cast.child, "pep": drawn}
    write(PepAudit(**own, drawn_on=TODAY, why_drawn="Taken into the audit by hand."))
    handed_in(cast.child)

    assert sign_off_undrawn(cast.authority, today=TODAY) == 0


def test_an_authority_may_let_days_go_by_in_place_of_a_sample(cast):
    write(PepSettings(authority=cast.authority, undrawn="after_days", undrawn_after=5))
    pep = handed_in(cast.child, LAST_MONTH)
    last = add_working_days(LAST_MONTH, 5)

    assert sign_off_undrawn(cast.authority, today=last) == 0
    assert sign_off_undrawn(cast.authority, today=last + timedelta(days=1)) == 1
    instead = Signature.unscoped.get(pep=pep, signed_as="virtual_school").instead
    assert "not drawn for audit within 5 working days" in instead


def test_an_authority_may_sign_each_plan_off_by_hand(cast):
    write(PepSettings(authority=cast.authority, undrawn="by_hand"))
    a_sample_of_one(cast, TODAY)
    handed_in(cast.child)

    assert sign_off_undrawn(cast.authority, today=TODAY + timedelta(days=90)) == 0


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"school_right": "No"}, "not right"),
        ({"support_right": "partly"}, "not right"),
        ({"returned_on": LAST_MONTH}, "came back"),
        ({"signed_off_on": LAST_MONTH}, "opened again"),
        ({"signed": ("lead",)}, "not both signed"),
        ({"state": "on_hold"}, "on hold now"),
        ({"state": "returned"}, "returned now"),
        ({"state": "in_audit"}, "in audit now"),
    ],
)
def test_what_a_person_has_to_look_at_is_left_to_a_person(cast, fields, why):
    write(PepSettings(authority=cast.authority, undrawn="after_days", undrawn_after=1))
    pep = handed_in(cast.child, LAST_MONTH, **fields)
    signed = Signature.unscoped.filter(pep=pep).values_list("signed_as", flat=True)

    assert sign_off_undrawn(cast.authority, today=TODAY) == 0
    assert why in why_by_hand(pep, set(signed))
    assert state(pep) == fields.get("state", "submitted")


def test_a_plan_of_another_authority_follows_its_own_rule(cast):
    other = an_authority(code="998", name="Elsewhere")
    child = a_child(other, "Ada Lind", birth_date=date(2014, 3, 1))
    an_episode(child)
    pep = handed_in(child, LAST_MONTH)
    write(PepSettings(authority=cast.authority, undrawn="after_days", undrawn_after=1))

    assert sign_off_undrawn(cast.authority, today=TODAY) == 0
    assert state(pep) == "submitted"


def test_the_number_of_questions_grows_with_what_is_signed_off_and_not_with_what_waits(
    cast, django_assert_max_num_queries
):
    a_sample_of_one(cast, TODAY - timedelta(days=60))
    for _ in range(6):
        handed_in(cast.child, school_right="no")
    with django_assert_max_num_queries(8):
        sign_off_undrawn(cast.authority, today=TODAY)
