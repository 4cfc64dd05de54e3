"""What a child needs, who works with the child, and word of a move."""

from datetime import date

import pytest

from onroll.access.roles import Role
from onroll.children.actions.moves import mark_seen, tell_of_a_move
from onroll.children.actions.needs import (
    end_ehc_plan,
    record_ehc_plan,
    record_sdq,
    record_sen_need,
    record_sen_provision,
    set_plan_review,
    what_provision_leaves,
)
from onroll.children.actions.people import allocate, allocate_many, end_allocation
from onroll.children.contradictions import Refused
from onroll.children.models import Allocation, Child, EHCPlan, MoveNotice, SDQScore, SENProvision
from onroll.history.models import Event

from .scene import a_child, a_person, an_allocation

SEPTEMBER = date(2025, 9, 1)


@pytest.mark.parametrize("who", ["head", "teacher"])
def test_provision_gives_way_to_the_next_from_a_day_on(cast, who):
    actor = getattr(cast, who)
    record_sen_provision(cast.mia, value="K", start=date(2024, 9, 1), actor=actor)
    record_sen_need(cast.mia, value="SEMH", start=date(2024, 9, 1), actor=actor)

    record_sen_provision(cast.mia, value="E", start=SEPTEMBER, actor=actor)

    spells = SENProvision.unscoped.filter(child=cast.mia).order_by("start").values_list("value", "start", "end")
    assert list(spells) == [("K", date(2024, 9, 1), SEPTEMBER), ("E", SEPTEMBER, None)]
    with pytest.raises(Refused, match="starts on 1 September 2025"):
        record_sen_provision(cast.mia, value="N", start=SEPTEMBER, actor=actor)


def test_a_social_worker_reads_needs_and_does_not_write_them(cast):
    with pytest.raises(Refused, match="does not change"):
        record_sen_provision(cast.mia, value="K", start=SEPTEMBER, actor=cast.social_worker)


def test_a_provision_code_is_one_of_its_day(cast):
    with pytest.raises(Refused, match="could not be given on 1 September 2025"):
        record_sen_provision(cast.mia, value="S", start=SEPTEMBER, actor=cast.head)


def test_provision_and_plan_that_do_not_agree_are_said(cast):
    assert "No EHC plan" in what_provision_leaves(cast.mia, value="E", start=SEPTEMBER)[0]
    plan = record_ehc_plan(cast.mia, issued_on=date(2025, 3, 1), review_on=date(2026, 3, 1), actor=cast.head)
    assert what_provision_leaves(cast.mia, value="E", start=SEPTEMBER) == []
    assert "1 March 2025 still stands" in what_provision_leaves(cast.mia, value="K", start=SEPTEMBER)[0]

    set_plan_review(plan, review_on=date(2026, 5, 1), actor=cast.teacher)
    end_ehc_plan(plan, end=date(2025, 12, 1), actor=cast.head)

    plan = EHCPlan.unscoped.get(child=cast.mia)
    assert (plan.review_on, plan.end) == (date(2026, 5, 1), date(2025, 12, 1))


def test_an_sdq_is_a_score_or_a_reason(cast):
    record_sdq(cast.mia, on=date(2025, 1, 1), score=17, actor=cast.social_worker)
    record_sdq(cast.mia, on=date(2026, 1, 1), reason="SDQ2", actor=cast.head)

    for wrong in ({"score": 41}, {}, {"score": 3, "reason": "SDQ2"}, {"reason": "SDQ9"}):
        with pytest.raises(Refused):
            record_sdq(cast.mia, on=date(2026, 2, 1), actor=cast.head, **wrong)
    with pytest.raises(Refused, match="does not change"):
        record_sdq(cast.mia, on=date(2026, 2, 1), score=3, actor=cast.teacher)
    assert SDQScore.unscoped.filter(child=cast.mia).count() == 2


# People


def test_a_new_social_worker_takes_over_and_the_record_closes_to_the_last(cast):
    ines, ines_acting = a_person(cast.ashcombe, Role.SOCIAL_WORKER, "Ines Cole")
    allocate(cast.mia, account=cast.sam, role=Role.SOCIAL_WORKER, start=date(2025, 1, 6), actor=cast.head)
    assert Child.visible_to(cast.social_worker).exists()

    allocate(cast.mia, account=ines, role=Role.SOCIAL_WORKER, start=SEPTEMBER, actor=cast.social_worker)

    assert not Child.visible_to(cast.social_worker).exists()
    assert Child.visible_to(ines_acting).exists()
    with pytest.raises(Refused, match="Ines Cole is social worker of Mia since 1 September 2025"):
        allocate(cast.mia, account=ines, role=Role.SOCIAL_WORKER, start=date(2025, 10, 1), actor=cast.head)


def test_only_who_holds_the_post_is_allocated(cast):
    with pytest.raises(Refused, match="Sam Doyle has no post as independent reviewing officer"):
        allocate(cast.mia, account=cast.sam, role=Role.IRO, start=SEPTEMBER, actor=cast.head)
    with pytest.raises(Refused, match="Choose the role"):
        allocate(cast.mia, account=cast.sam, role=Role.VSH, start=SEPTEMBER, actor=cast.head)


def test_two_carers_stand_side_by_side_unless_one_is_in_place_of_the_other(cast):
    ann, _ = a_person(cast.ashcombe, Role.CARER, "Ann Hill")
    bob, _ = a_person(cast.ashcombe, Role.CARER, "Bob Hill")
    kit, _ = a_person(cast.ashcombe, Role.CARER, "Kit Shaw")
    for account in (ann, bob):
        allocate(
            cast.mia, account=account, role=Role.CARER, start=date(2025, 1, 6), in_place=False, actor=cast.social_worker
        )

    allocate(cast.mia, account=kit, role=Role.CARER, start=SEPTEMBER, actor=cast.social_worker)

    open_ones = Allocation.unscoped.filter(child=cast.mia, end=None).values_list("account__given_name", flat=True)
    assert list(open_ones) == ["Kit"]


def test_who_does_not_write_about_carers_does_not_allocate_them(cast):
    ann, _ = a_person(cast.ashcombe, Role.CARER, "Ann Hill")
    admin = a_person(cast.ashcombe, Role.VS_ADMIN, "Ada Moss")[1]

    with pytest.raises(Refused, match="Carer identity"):
        allocate(cast.mia, account=ann, role=Role.CARER, start=SEPTEMBER, actor=admin)
    allocate(cast.mia, account=cast.sam, role=Role.SOCIAL_WORKER, start=SEPTEMBER, actor=admin)


def test_a_list_is_allocated_all_or_none_and_by_those_who_change_many(cast, django_assert_max_num_queries):
    children = [cast.mia, *(a_child(cast.ashcombe, f"Child {n}") for n in range(11))]
    officer, _ = a_person(cast.ashcombe, Role.VS_OFFICER, "Olu Bright")

    with django_assert_max_num_queries(16):
        allocate_many(children, account=officer, role=Role.VS_OFFICER, start=SEPTEMBER, actor=cast.head)
    with pytest.raises(Refused, match="many children"):
        allocate_many(children, account=officer, role=Role.VS_OFFICER, start=SEPTEMBER, actor=cast.social_worker)
    with pytest.raises(Refused, match="Olu Bright is education adviser of"):
        allocate_many(children, account=officer, role=Role.VS_OFFICER, start=date(2026, 1, 1), actor=cast.head)


def test_an_allocation_ends_on_a_day(cast):
    allocation = an_allocation(cast.mia, cast.sam, Role.SOCIAL_WORKER)

    end_allocation(allocation, end=date(2026, 3, 31), actor=cast.head)

    assert not Child.visible_to(cast.social_worker).exists()
    with pytest.raises(Refused, match="already"):
        end_allocation(allocation, end=date(2026, 3, 31), actor=cast.head)


# Word of a move


def test_a_social_worker_tells_of_a_move_and_the_virtual_school_sees_it(cast):
    notice = tell_of_a_move(
        cast.mia,
        about="both",
        happens_on=date(2026, 4, 20),
        has_happened=False,
        why="The carers are moving",
        new_home="7 Canary Row",
        new_school=cast.fernhill,
        actor=cast.social_worker,
    )

    assert (notice.told_by, notice.seen_on) == (cast.sam, None)
    assert "Canary" not in "".join(Event.objects.values_list("payload", flat=True))
    with pytest.raises(Refused, match="does not change"):
        mark_seen(notice, actor=cast.social_worker)
    mark_seen(notice, actor=cast.head)
    assert MoveNotice.unscoped.get().seen_on == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("happens_on", "has_happened", "words"),
    [
        (date(2026, 4, 1), True, "has not come yet"),
        (date(2026, 3, 30), False, "is over"),
        (date(2028, 3, 30), False, "within a year"),
    ],
)
def test_a_plan_lies_ahead_and_a_fact_behind(cast, happens_on, has_happened, words):
    with pytest.raises(Refused, match=words):
        tell_of_a_move(
            cast.mia, about="home", happens_on=happens_on, has_happened=has_happened, actor=cast.social_worker
        )


def test_a_teacher_does_not_tell_of_moves(cast):
    with pytest.raises(Refused, match="does not tell"):
        tell_of_a_move(cast.mia, about="school", happens_on=date(2026, 4, 20), has_happened=False, actor=cast.teacher)
