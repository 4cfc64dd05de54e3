"""What a young person said, where it stands in the plan: for each reader as they chose, and what came of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.access.sections import Section
from onroll.children.tests.scene import an_authority, write
from onroll.history.models import Entry
from onroll.peps.forms.reading import Origin
from onroll.peps.models import Concern, Pep, Share, VoiceAnswer, VoiceOffer
from onroll.peps.printing import Holds, PlanReader, parts_of_plan
from onroll.peps.queries import this_term
from onroll.peps.tests.scene import a_cast, a_pep, a_target, with_terms_around
from onroll.peps.voice_models import Said
from onroll.peps.writing import Writing

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def cast(db):
    authority = with_terms_around(an_authority(), TODAY)
    authority.live_from = TODAY - timedelta(days=20)
    return a_cast(TODAY, write(authority))


@pytest.fixture
def pep(cast):
    year, term = this_term(cast.authority.pk, TODAY)
    days = {"opens_on": TODAY - timedelta(days=30), "due_on": TODAY + timedelta(days=30)}
    return a_pep(cast.child, academic_year=year, term=term, **days)


@pytest.fixture
def enter(client, cast):
    def signed_in(name):
        client.force_login(cast.accounts[name])
        return client

    return signed_in


def says(pep, key: str, words: str = "", *, share: str = Share.HELPERS, chosen: tuple[str, ...] = (), **fields):
    """Something that the young person said, as it is kept."""
    own = {"authority_id": pep.authority_id, "child_id": pep.child_id, "pep": pep, "variant": "age_11_15"}
    days = {"offered_on": TODAY, "said_on": TODAY}
    row = VoiceAnswer(**own, **days, question_key=key, given="pages", share=share, **fields)
    row.said = Said(chosen, words)
    return write(row)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def section(pep: Pep, key: str) -> str:
    return reverse("peps:section", args=[pep.child.public_id, pep.public_id, key])


def plan(pep: Pep, route: str = "peps:pep") -> str:
    return reverse(route, args=[pep.child.public_id, pep.public_id])


def writing(pep: Pep, actor) -> Writing:
    return Writing(Pep.unscoped.select_related("child").get(pk=pep.pk), actor)


def standing(pep: Pep, actor, key: str):
    return writing(pep, actor).standing.get(key)


@pytest.mark.proves("SEC-3")
@pytest.mark.parametrize(
    ("share", "readers"),
    [
        (Share.SCHOOL, {"teacher", "worker", "iro"}),
        (Share.CARER, {"worker", "iro"}),
        (Share.NOBODY, set()),
    ],
)
def test_the_pages_of_the_plan_show_an_answer_to_those_they_chose_alone(enter, cast, pep, share, readers):
    says(pep, "better_at", "Swimming further", share=share)
    people = ("teacher", "worker", "iro", "carer", "support")

    for page in (plan(pep), section(pep, "voice"), plan(pep, "peps:targets")):
        seen = {name for name in people if "Swimming further" in text(enter(name).get(page))}
        # Beside the targets it stands for those alone who write them.
        assert seen == readers - ({"iro", "worker"} if page == plan(pep, "peps:targets") else set()), page


@pytest.mark.proves("SEC-3")
def test_what_may_tell_of_harm_is_on_no_page_of_the_school_and_in_no_answer(enter, cast, pep):
    row = says(pep, "future", "Away from him", share=Share.EVERYONE)
    own = {"authority_id": pep.authority_id, "child_id": pep.child_id, "pep": pep, "answer": row}
    write(Concern(**own, sign="words", words="Away from him", raised_on=TODAY))

    for page in (plan(pep), section(pep, "voice"), section(pep, "aspirations"), plan(pep, "peps:targets")):
        assert "Away from him" not in text(enter("teacher").get(page))
    assert standing(pep, cast.actors["worker"], "asp_ambition") is None


def test_the_words_stand_beside_the_question_that_they_help_to_answer(enter, cast, pep):
    says(pep, "help_me", "Explain it twice", share=Share.SCHOOL)

    page = text(enter("teacher").get(section(pep, "strengths")))

    assert "“Explain it twice”" in page
    assert "What should they stop doing?" in page
    assert "Explain it twice" not in text(enter("teacher").get(section(pep, "right_place")))


@pytest.mark.proves("SEC-3")
def test_only_what_everyone_may_read_becomes_an_answer_of_the_plan(enter, cast, pep):
    row = says(pep, "future", "A vet", share=Share.HELPERS)
    for name in ("teacher", "worker"):
        assert standing(pep, cast.actors[name], "asp_ambition") is None

    row.share = Share.EVERYONE
    write(row)

    assert standing(pep, cast.actors["teacher"], "asp_ambition").value == "A vet"
    assert "From what Mia said to everyone" in text(enter("teacher").get(section(pep, "aspirations")))


@pytest.mark.parametrize(
    ("key", "given", "question", "answer"),
    [
        ("person", {"words": "Ms Obi in the library"}, "school_adult", "Ms Obi in the library"),
        ("meeting", {"chosen": ("Run some of it",)}, "meeting_child_part", "Runs all or part of it"),
        ("meeting", {"chosen": ("Not take part",)}, "meeting_child_part", "Chose not to take part"),
    ],
)
def test_an_answer_fills_the_question_of_the_form_that_names_it(cast, pep, key, given, question, answer):
    says(pep, key, share=Share.EVERYONE, **given)

    found = standing(pep, cast.actors["worker"], question)

    assert (found.value, found.origin) == (answer, Origin.RECORD)


def test_the_plan_says_who_helped_and_in_what_way_without_saying_what_was_said(cast, pep):
    says(pep, "going_well", "Chess", share=Share.NOBODY, helper="An advocate")

    now = writing(pep, cast.actors["worker"])

    assert now.standing["voice_helper"].value == "Advocate"
    assert now.standing["voice_form"].value == ["Typed"]
    assert "Chess" not in str(now.standing)


def test_what_came_of_it_stands_under_what_was_said(enter, cast, pep):
    a_target(pep, "Swim two lengths", from_voice=True)
    a_target(pep, "Read 80 words in a minute")
    page = text(enter("teacher").get(plan(pep)))
    assert "A target: Swim two lengths" in page
    assert "A target: Read 80 words" not in page

    enter("teacher").post(section(pep, "voice"), {"voice_effect": "Swimming on Tuesdays.", "act": "save"})

    assert "Swimming on Tuesdays." in text(enter("iro").get(plan(pep)))
    assert "What the young person said" in text(enter("teacher").get(plan(pep, "peps:targets")))


def test_two_refused_offers_stand_in_the_plan_as_heard_and_their_words_with_who_may_read_them(enter, cast, pep):
    own = {"authority_id": pep.authority_id, "child_id": pep.child_id, "pep": pep, "offered_by_name": "Tam"}
    write(VoiceOffer(**own, offered_on=TODAY - timedelta(days=9), words="Leave me be"))
    assert "They are heard" not in text(enter("teacher").get(plan(pep)))

    write(VoiceOffer(**own, offered_on=TODAY - timedelta(days=2), words="Leave me be"))

    for name in ("teacher", "worker"):
        page = text(enter(name).get(plan(pep)))
        assert "They are heard" in page
        assert "Leave me be" not in page
    assert "Leave me be" in text(enter("worker").get(plan(pep, "peps:voice")))


def test_whoever_sees_words_on_a_page_of_the_plan_is_in_the_log_as_having_read_views(enter, cast, pep):
    def looked() -> str:
        return Entry.objects.order_by("-pk").first().section

    enter("teacher").get(plan(pep))
    assert looked() == Section.PEP.value
    says(pep, "better_at", "Swimming", share=Share.SCHOOL)
    for page in (plan(pep), section(pep, "voice"), plan(pep, "peps:targets")):
        enter("teacher").get(page)
        assert Section.VIEWS.value in looked().split(","), page


@pytest.mark.proves("SEC-3")
def test_a_paper_for_another_reader_holds_no_line_that_only_its_maker_may_read(cast, pep):
    says(pep, "future", "A vet", share=Share.HELPERS)
    says(pep, "meeting_who", "Not my uncle", share=Share.HELPERS)
    reader = PlanReader(frozenset({Section.PEP, Section.VIEWS}), frozenset({"everyone", "school"}))

    parts = parts_of_plan(writing(pep, cast.actors["adviser"]), reader, Holds.WHOLE)

    held = str([part.on_paper for part in parts])
    assert "A vet" not in held
    assert "Not my uncle" not in held


@pytest.mark.proves("SEC-3")
@pytest.mark.parametrize(("shares", "told"), [({"everyone"}, True), (set(), False)])
def test_an_answer_filled_from_their_words_is_on_paper_for_those_of_the_meeting_and_not_for_a_parent(
    cast, pep, shares, told
):
    says(pep, "future", "A vet", share=Share.EVERYONE)
    reader = PlanReader(frozenset({Section.PEP}), frozenset(shares))

    parts = parts_of_plan(writing(pep, cast.actors["adviser"]), reader, Holds.WHOLE)

    assert ("A vet" in str([part.on_paper for part in parts])) is told


def test_the_page_of_the_plan_asks_no_more_of_the_database_for_more_answers(
    enter, cast, pep, django_assert_max_num_queries
):
    client = enter("worker")
    client.get(plan(pep))
    for key in ("going_well", "best_lesson", "better_at", "help_me", "person", "money", "clubs", "future"):
        says(pep, key, "Chess")

    with django_assert_max_num_queries(75):
        client.get(plan(pep))
