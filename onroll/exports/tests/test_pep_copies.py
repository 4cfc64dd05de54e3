"""A plan on paper: what each recipient may have of it, who looks it through, and the young person's own page."""

import io
from datetime import timedelta

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.children.models import CareEpisode, Disclosure, PlacementAddress, Review, SchoolPlace
from onroll.children.tests.scene import a_person, an_authority, together, write
from onroll.exports import storing
from onroll.exports.checking import text_of
from onroll.exports.models import Export
from onroll.exports.recipients import PEP, recipients_of
from onroll.history.models import Entry
from onroll.peps.models import Concern, MoneyRequest, PepAnswers, Signature, VoiceAnswer
from onroll.peps.queries import this_term
from onroll.peps.tests.scene import a_cast, a_pep, a_target, with_terms_around
from onroll.peps.voice_models import Said

TODAY = timezone.localdate()
READER = "Gail Dawson, mother"
PURPOSE = "To know how school is going"
# A question of each part of the record: its section of the form, the row it stands in, and its key.
ANSWERS = {
    Section.BASICS: ("about", "a", "about_identity"),
    Section.CARE: ("family", "b", "family_view"),
    Section.SCHOOL: ("care", "d", "care_travel"),
    Section.ATTAINMENT: ("attainment", "f", "assess_curriculum"),
    Section.PEP: ("strengths", "g", "headline"),
    Section.VIEWS: ("voice", "h+S", "voice_not_given"),
    Section.SEN: ("sen", "j", "sen_not_met"),
    Section.EXCLUSION: ("attendance", "m", "att_behaviour"),
    Section.HEALTH: ("health", "k+S", "health_for_school"),
    Section.CONTACT: ("care", "p+S", "care_family_time"),
}
ON_NO_PAPER = {Section.HEALTH, Section.CONTACT}


def canary(section: Section) -> str:
    return f"zq{section.value}qz"


@pytest.fixture
@together()
def cast(db):
    """Mia's plan, with a canary of each part of the record, a target, a request for money, a signature."""
    authority = with_terms_around(an_authority(), TODAY)
    authority.live_from = TODAY - timedelta(days=20)
    cast = a_cast(TODAY, write(authority))
    cast.accounts["carer"].family_name = "Boyle"
    write(cast.accounts["carer"])
    year, term = this_term(authority.pk, TODAY)
    days = {"opens_on": TODAY - timedelta(days=30), "due_on": TODAY + timedelta(days=30)}
    cast.pep = a_pep(cast.child, academic_year=year, term=term, voice_recorded=False, **days)
    own = {"authority": authority, "child": cast.child, "pep": cast.pep}
    for section, (key, part, name) in ANSWERS.items():
        row = PepAnswers(**own, section_key=key, part=part, saved_at=timezone.now())
        row.answers = {name: canary(section), **({"att_risk": "Some risk"} if section is Section.EXCLUSION else {})}
        write(row)
    place = PepAnswers(**own, section_key="meeting", part="g", saved_at=timezone.now())
    people = [
        {"came": "Yes", "person": "Teacher Doyle", "role": "Designated teacher"},
        {"came": "Yes", "person": "zqcarerqz", "role": "Carer"},
    ]
    place.answers = {"meeting_place": "zqmeetingqz", "meeting_people": people}
    write(place)
    cast.target = a_target(cast.pep, own_words="I will read my book to Mr Iqbal", owner="Mr Iqbal")
    buys = canary(Section.PUPIL_PREMIUM)
    cast.request = write(MoneyRequest(**own, target=cast.target, requested_on=TODAY, amount=120, buys=buys))
    write(Signature(**own, signed_as="lead", on=TODAY, by_name="Teacher Doyle"))
    episode = CareEpisode.unscoped.get(child=cast.child)
    keys = {"authority": authority, "child": cast.child, "episode": episode}
    cast.home = write(PlacementAddress(**keys, address="24 Mill Lane, Thornby", disclosure=Disclosure.ORDINARY))
    return cast


def says(cast, words, share, *, key="going_well"):
    """Mia says something, and lets these people read it."""
    own = {"authority": cast.authority, "child": cast.child, "pep": cast.pep, "offered_on": TODAY, "said_on": TODAY}
    row = VoiceAnswer(**own, variant="age_11_15", question_key=key, given="told", share=share)
    row.said = Said((), words)
    return write(row)


def page_of(cast, recipient):
    return reverse("exports:pep_copy", args=[cast.child.public_id, cast.pep.public_id]) + f"?for={recipient}"


def make(client, cast, recipient, holds="whole", who="head", **typed):
    client.force_login(cast.accounts[who])
    words = {"reader": READER, "holds": holds, "purpose": PURPOSE, "format": "docx", **typed}
    answer = client.post(page_of(cast, recipient), words)
    assert answer.status_code == 302, answer.content.decode()
    return Export.objects.latest("pk")


def said_in(export) -> str:
    return "\n".join(" | ".join(line) for line in text_of(export, storing.kept(export)))


@pytest.mark.proves("EXP-1")
@pytest.mark.parametrize("key", recipients_of(PEP))
def test_a_plan_on_paper_holds_the_parts_that_its_recipient_may_have_and_no_other(client, cast, key):
    recipient = recipients_of(PEP)[key]

    said = said_in(make(client, cast, key))

    parts = {*ANSWERS, Section.PUPIL_PREMIUM}
    assert {section for section in parts if canary(section) in said} == (parts & recipient.sections) - ON_NO_PAPER
    for words in ("zqmeetingqz", "Mill Lane", "Boyle", "zqcarerqz"):
        assert words not in said
    assert "Read 80 words correctly" in said


@pytest.mark.proves("EXP-1")
def test_what_the_young_person_said_is_read_by_those_they_chose(client, cast):
    for share in ("everyone", "school", "home", "helpers", "ask_first", "nobody"):
        says(cast, f"zq{share}qz", share)
    concern = says(cast, "zqconcernqz", "everyone")
    own = {"authority": cast.authority, "child": cast.child, "pep": cast.pep, "answer": concern}
    write(Concern(**own, sign="words", words="zqconcernqz", raised_on=TODAY))

    found = {key: said_in(make(client, cast, key, "summary")) for key in recipients_of(PEP)}

    for share, readers in {
        "everyone": {"school", "carer", "child", "care_review"},
        "school": {"school", "child", "care_review"},
        "home": {"carer", "child", "care_review"},
        "helpers": {"child", "care_review"},
        "ask_first": {"child"},
        "nobody": set(),
        "concern": set(),
    }.items():
        assert {key for key, said in found.items() if f"zq{share}qz" in said} == readers, share


@pytest.mark.proves("EXP-1", "ADR-1")
def test_whoever_must_not_know_the_school_gets_nothing_that_tells_it(client, cast):
    assert "Teacher Doyle, Designated teacher, Came: Yes" in said_in(make(client, cast, "school"))
    place = SchoolPlace.unscoped.get(child=cast.child)
    place.disclosure = Disclosure.NOT_TO_FAMILY
    write(place)

    export = make(client, cast, "parent")

    said = said_in(export)
    assert canary(Section.PEP) in said
    for words in ("Hillside", canary(Section.SCHOOL), "Teacher Doyle"):
        assert words not in said
    assert export.state == Export.State.WAITING


@pytest.mark.proves("EXP-2")
def test_a_second_person_reads_a_plan_that_seems_to_tell_an_address(client, cast):
    assert make(client, cast, "school").state == Export.State.READY
    a_target(cast.pep, "Walk to 24 Mill Lane alone")

    export = make(client, cast, "school")

    assert export.state == Export.State.WAITING
    client.force_login(a_person(cast.authority, Role.DEPUTY_VSH, "Dee Park")[0])
    shown = client.get(reverse("exports:check", args=[export.public_id])).content.decode()
    assert '<span class="govuk-visually-hidden">address: </span>24 Mill Lane' in shown


@pytest.mark.proves("EXP-2")
def test_a_second_person_reads_a_plan_that_seems_to_name_a_carer_or_whose_reader_must_not_know_the_school(client, cast):
    assert make(client, cast, "carer").state == Export.State.READY
    named = a_target(cast.pep, "Reads with Mrs Boyle at home")
    assert make(client, cast, "carer").state == Export.State.WAITING

    named.text = "Reads every evening"
    write(named)
    assert make(client, cast, "carer").state == Export.State.READY
    place = SchoolPlace.unscoped.get(child=cast.child)
    place.disclosure = Disclosure.ONLY_NAMED_USERS
    write(place)
    assert make(client, cast, "carer").state == Export.State.WAITING


@pytest.mark.proves("EXP-4")
def test_a_plan_on_paper_is_logged_with_its_digest_and_has_no_name_in_the_name_of_its_file(client, cast):
    export = make(client, cast, "parent", "summary")

    assert export.file_name == f"plan-{str(export.public_id)[:8]}-{export.made_at:%Y-%m-%d}.docx"
    assert (export.keys, len(export.sha256), export.columns[0]) == ([cast.child.pk], 64, "summary")
    assert {"g"} <= {part.value for part in export.parts}
    assert Entry.objects.filter(child=cast.child.pk, route="exports:pep_copy", act="export").exists()
    said = said_in(export)
    for words in (READER, PURPOSE, "Made by Head Doyle", "For the named reader only."):
        assert words in said
    answer = client.get(reverse("exports:file", args=[export.public_id]))
    assert "Mia" not in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Type"].endswith("wordprocessingml.document")


@pytest.mark.proves("ADR-4")
def test_what_tells_where_the_child_lives_is_not_typed_onto_the_paper(client, cast):
    cast.home.disclosure = Disclosure.NOT_TO_FAMILY
    write(cast.home)
    client.force_login(cast.accounts["head"])
    typed = {"reader": READER, "holds": "whole", "purpose": "She lives at 24 Mill Lane", "format": "docx"}

    answer = client.post(page_of(cast, "school"), typed)

    assert "would stand on the copy" in answer.content.decode()
    assert not Export.objects.exists()


@pytest.mark.proves("EXP-4", "ACC-4")
def test_a_plan_on_paper_goes_with_the_child_and_closes_when_a_mark_becomes_stricter(client, cast):
    export = make(client, cast, "school")
    file = reverse("exports:file", args=[export.public_id])
    assert client.get(file).status_code == 200

    cast.home.disclosure = Disclosure.ONLY_NAMED_USERS
    write(cast.home)

    assert client.get(file).status_code == 404


def test_the_cover_page_knows_the_review_and_its_officer_and_says_how_the_plan_stands(client, cast):
    coming = TODAY + timedelta(days=9)
    write(Review(authority=cast.authority, child=cast.child, on=coming))
    client.force_login(cast.accounts["head"])

    page = client.get(page_of(cast, "care_review")).content.decode()
    assert "Iro Doyle, reviewing officer" in page
    assert f"The care review on {coming.day} {coming:%B %Y}" in page

    said = said_in(make(client, cast, "care_review", "cover"))
    for words in ("Cover page for the care review", "State | Due", "Quality | Not audited", "Read 80 words correctly"):
        assert words in said


# The young person's page


def test_the_page_to_keep_says_what_they_said_and_do_and_who_helps_and_nothing_of_care(client, cast):
    cast.child.known_as, cast.child.given_name = "Mimi", "Hermia"
    write(cast.child)
    says(cast, "art with Ms Grant", "everyone")
    says(cast, "that my foster carer helps", "everyone", key="help_me")
    says(cast, "something else", "helpers", key="future")
    a_target(cast.pep, "Go to Hillside by bus", owner="Mr Iqbal")
    a_target(cast.pep, "Swim 50 metres", owner="Carer")
    address = page_of(cast, "child")

    client.force_login(cast.accounts["head"])
    page = " ".join(client.get(address).content.decode().split())
    assert "so it leaves out: What should adults do more of? What should they stop doing?, target 2 and who" in page
    export = make(client, cast, "child", "one_page", reader="Mimi", purpose="Her own page", format="pdf")

    said = " ".join(said_in(export).split())
    for words in ("My plan", "“Going well: art with Ms Grant”", "I will read my book to Mr Iqbal", "Swim 50 metres"):
        assert words in said
    for words in ("Dawson", "Hermia", "Hillside", "Ashcombe", "arer", "something else", "Doyle", "school", "PEP"):
        assert words not in said
    assert "For Mimi · Made with Head on" in said
    with pikepdf.open(io.BytesIO(storing.kept(export))) as pdf:
        kinds = {str(each.get("/S")) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each}
        assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD"} <= kinds
        assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf.Root.Metadata.read_bytes()
        assert len(pdf.pages) == 1


def test_an_empty_plan_makes_no_page_to_keep(client, cast):
    cast.pep = a_pep(cast.child, kind="event")
    client.force_login(cast.accounts["head"])
    typed = {"reader": "Mia", "holds": "one_page", "purpose": "Her own page", "format": "docx"}

    answer = client.post(page_of(cast, "child"), typed)

    assert "Write the targets first." in answer.content.decode()
    assert not Export.objects.exists()


def test_only_what_is_offered_to_a_recipient_is_made(client, cast):
    client.force_login(cast.accounts["head"])
    typed = {"reader": READER, "holds": "cover", "purpose": PURPOSE, "format": "docx"}

    assert client.post(page_of(cast, "parent"), typed).status_code == 200
    assert client.post(page_of(cast, "own_team"), {**typed, "holds": "whole"}).status_code == 200
    assert not Export.objects.exists()
    client.force_login(cast.accounts["teacher"])
    assert client.get(page_of(cast, "school")).status_code == 404
