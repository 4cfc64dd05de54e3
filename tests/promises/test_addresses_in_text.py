"""No form and no file saves a part of an address that must not be known without stopping (ADR-4).

Every form with a box for words of one's own is one of: a form of an act on a child, which stops by itself; a box where
no address belongs at all; a page that stops in its own way, tried here; or it is not about a child. A new form that is
none of these fails.
"""

import copy
from types import SimpleNamespace

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onroll.access.openings import OPENING_IN_SESSION
from onroll.access.pages import PAGES
from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.children.actions.guards import open_in_emergency
from onroll.children.forms.leaks import NO_WIDER, SENTENCES, free_texts
from onroll.children.models import Child, Disclosure, LeakKept, Note, Opening, PlacementAddress
from onroll.children.record_views.act import ActPage
from onroll.children.tests.scene import a_child, a_person, an_allocation, an_authority, an_episode, together, write
from onroll.documents.models import Document
from onroll.documents.tests.files import a_docx, a_pdf_that_says
from onroll.people.posts import actor_for

from .test_pages import routes

ADDRESS = "24 Mill Lane, AB12 9ZQ"
WHY = "The school has to fetch her from there"

# No address belongs there, whoever's it is: the box refuses what looks like one.
NO_ADDRESS_AT_ALL = {
    "CoverForm": "reason",
    "EmergencyForm": "reason",
    "ListForm": "purpose",
    "looks.ReviewForm": "note",
    "MatterForm": "reason",
    "ReasonForm": "reason",
    "SubmitForm": "instead",
    "UnsealForm": "reason",
    "WholeForm": "purpose",
}
# Tried one by one below, or, for copies, in exports/tests/test_copies.py and test_pep_copies.py,
# and for audits in peps/tests/test_audits.py.
BY_THEIR_PAGE = {
    "AddChildForm",
    "AddForm",
    "AuditForm",
    "CopyForm",
    "FileForm",
    "NoteForm",
    "PlanCopyForm",
    "children.ReviewForm",
}
# Tried in exchange/tests/test_telling.py.
BY_THE_ENGINE = {"ChooseFilesForm"}
# Tried in documents/tests/test_past_peps.py.
FILE_BY_FILE = {"PastPepsForm"}
NOT_ABOUT_A_CHILD = {
    "LocalQuestionForm": "a question that the authority asks in its plans",
    "ActionForm": "an action of the virtual school's plan",
    "RuleForm": "what a rule of the checker says to those who write targets",
    "AgreementForm": "an agreement with a partner service",
    "ChangeSettingForm": "a school",
    "DutyForm": "whether the authority meets a duty",
    "FindingsForm": "what a breakdown of a figure shows about groups",
    "GoalForm": "a priority of the virtual school's plan",
    "HeadingForm": "the heading of the virtual school's plan",
    "InspectionForm": "a school",
    "InviteForm": "why somebody who works here has a post",
    "KeepForm": "a kind of fact, for the whole authority",
    "LeakForm": "why a text is right that was asked about, for those who review it",
    "LeaversFileForm": "people who leave",
    "AskedForm": "data that an action of the plan waits for",
    "LogoForm": "a picture of the authority",
    "MeetingForm": "a meeting about an action of the plan",
    "MilestoneForm": "a step of an action of the plan",
    "NewPlanForm": "the heading of the virtual school's plan",
    "PlanDocumentForm": "a document about an action of the plan, of no child",
    "PostForm": "why somebody who works here has a post",
    "ResetForm": "why somebody's second step is reset",
    "SchoolDomainsForm": "the mail domains of a school",
    "SettingForm": "a school",
    "ShareForm": "the section of a plan",
    "StepForm": "what a meeting about an action decided",
    "UpdateForm": "how an action of the plan is going",
}


def subclasses(of):
    for each in of.__subclasses__():
        yield each
        yield from subclasses(each)


def texts_of(form) -> set[str]:
    """The boxes of a form for words of one's own, and for files."""
    return {
        name
        for name, field in form.base_fields.items()
        if isinstance(field, forms.FileField)
        or (
            type(field) is forms.CharField
            and not isinstance(field.widget, (forms.PasswordInput, forms.HiddenInput))
            and (field.max_length or SENTENCES) >= SENTENCES
            and name not in NO_WIDER | getattr(form, "no_wider", frozenset())
        )
    }


def forms_with_texts() -> dict[str, type[forms.Form]]:
    """Every form of the product that takes sentences, by its name; of two of one name with their part."""
    # Every address leads to its page, and every page to its form.
    routes()
    found: dict[str, list[type[forms.Form]]] = {}
    for form in set(subclasses(forms.BaseForm)):
        ours = form.__module__.startswith("onroll.") and ".tests." not in form.__module__
        # The showcase of the design keeps nothing.
        if ours and form.__module__ != "onroll.design.showcase" and texts_of(form):
            found.setdefault(form.__name__, []).append(form)
    return {
        name if len(same) == 1 else f"{form.__module__.split('.')[1]}.{name}": form
        for name, same in found.items()
        for form in same
    }


def acts() -> list[type[ActPage]]:
    routes()
    return [page for page in PAGES if issubclass(page, ActPage) and page.__module__.startswith("onroll.")]


def of_an_act() -> set[type[forms.Form]]:
    return {page.form_class for page in acts()}


@pytest.mark.proves("ADR-4")
def test_every_form_with_words_of_ones_own_stops_at_an_address_or_is_not_about_a_child():
    listed = {*NO_ADDRESS_AT_ALL, *BY_THEIR_PAGE, *BY_THE_ENGINE, *FILE_BY_FILE, *NOT_ABOUT_A_CHILD}
    others = {name for name, form in forms_with_texts().items() if form not in of_an_act()}

    assert others == listed, "a new form with free text must stop at an address: see ActPage and forms/leaks.py"


@pytest.mark.proves("ADR-4")
@pytest.mark.parametrize("page", acts(), ids=lambda page: page.__name__)
def test_the_page_of_an_act_looks_through_every_box_before_it_acts(page):
    assert page.post is ActPage.post
    form = page.form_class.__new__(page.form_class)
    form.fields = copy.deepcopy(page.form_class.base_fields)
    for name in texts_of(page.form_class):
        form.cleaned_data = {name: ADDRESS}

        assert ADDRESS in free_texts(form), name


@pytest.mark.proves("ADR-4")
@pytest.mark.parametrize(("name", "box"), NO_ADDRESS_AT_ALL.items())
@pytest.mark.parametrize("tells", ["Fetch her from 24 Mill Lane", "She is at AB12 9ZQ", "Ring 01632 960417"])
def test_a_box_where_no_address_belongs_refuses_one(name, box, tells):
    form_class = forms_with_texts()[name]
    form = form_class.__new__(form_class)
    form.cleaned_data = {box: tells}
    with pytest.raises(ValidationError, match="looks like an address"):
        getattr(form, f"clean_{box}")()

    form.cleaned_data = {box: "The child ran off after the last lesson"}
    assert getattr(form, f"clean_{box}")() == "The child ran off after the last lesson"


# Pages that stop in their own way


@pytest.fixture
@together()
def cast(db):
    """Mia lives with named users' knowledge alone at 24 Mill Lane."""
    ashcombe, today = an_authority(), timezone.localdate()
    mia = a_child(ashcombe, "Mia Dawson", number="00417")
    write(
        PlacementAddress(
            authority=ashcombe,
            child=mia,
            episode=an_episode(mia),
            address="24 Mill Lane, Northmere",
            postcode="AB12 9ZQ",
            disclosure=Disclosure.ONLY_NAMED_USERS,
        )
    )
    people = {name: a_person(ashcombe, role)[0] for name, role in (("head", Role.VSH), ("manager", Role.TEAM_MANAGER))}
    people["worker"] = a_person(ashcombe, Role.SOCIAL_WORKER)[0]
    an_allocation(mia, people["worker"], Role.SOCIAL_WORKER)

    def client(name):
        signed_in = Client()
        signed_in.force_login(people[name])
        return signed_in

    def actor(name):
        return actor_for(people[name].posts.select_related("account", "authority").get(), today=today)

    return SimpleNamespace(ashcombe=ashcombe, mia=mia, client=client, actor=actor)


def stops_then_goes_on(client, address, typed, saved, **files):
    """The page stops, goes on with a reason, and writes it down. `files` are made anew for each try."""
    stopped = client.post(address, {**typed, **{name: make() for name, make in files.items()}})
    assert "tells something of where the child lives" in stopped.content.decode()
    assert not saved()

    why = {"leak": "right", "leak_why": WHY}
    went_on = client.post(address, {**typed, **why, **{name: make() for name, make in files.items()}})
    assert went_on.status_code == 302, went_on.content.decode()
    assert saved()
    assert str(LeakKept.unscoped.get().why) == WHY


def an_opening(cast) -> Opening:
    opened = {"why": "missing", "reason": "She did not come home tonight", "at": timezone.now()}
    return open_in_emergency(cast.mia, **opened, actor=cast.actor("manager"))


@pytest.mark.proves("ADR-4")
def test_a_note_of_an_emergency_opening_stops(cast):
    client = cast.client("manager")
    session = client.session
    session[OPENING_IN_SESSION] = an_opening(cast).pk
    session.save()

    stops_then_goes_on(client, reverse("children:opening_note"), {"text": f"Found at {ADDRESS}"}, Note.unscoped.exists)


@pytest.mark.proves("ADR-4")
def test_the_review_of_an_emergency_opening_stops(cast):
    opening = an_opening(cast)
    typed = {"review": "question", "words": f"Why was {ADDRESS} asked for?"}

    stops_then_goes_on(
        cast.client("head"),
        reverse("children:opening", args=[opening.public_id]),
        typed,
        Opening.unscoped.filter(reviewed_at__isnull=False).exists,
    )


@pytest.mark.proves("ADR-4")
def test_adding_a_child_stops_at_whatever_looks_like_an_address(cast):
    born = {"birth_date_day": 6, "birth_date_month": 5, "birth_date_year": 2014}
    typed = {
        "given_name": "Noah", "family_name": "Birch", **born, "child_number": "00418", "held_as": "other_authority",
        "other_authority": "330",
        "notified_of": "Lives at 4 Elm Road, ZZ1 1ZZ",
    }  # fmt: skip

    client = cast.client("head")
    stopped = client.post(reverse("children:add"), typed).content.decode()

    assert "tells something of where the child lives" in stopped
    assert not Child.unscoped.filter(family_name="Birch").exists()


# As a word processor parts a word that was corrected.
IN_TWO_RUNS = "<w:p><w:r><w:t>She lives at 24 Mi</w:t></w:r><w:r><w:t>ll Lane</w:t></w:r></w:p>"
FILES = {
    "a text file": lambda: SimpleUploadedFile("report.txt", f"Lives at {ADDRESS}".encode()),
    "a Word file": lambda: SimpleUploadedFile("report.docx", a_docx(IN_TWO_RUNS)),
    "a PDF": lambda: SimpleUploadedFile("report.pdf", a_pdf_that_says(f"Lives at {ADDRESS}")),
    "the name of a file": lambda: SimpleUploadedFile("24 Mill Lane.txt", b"A report"),
    "a title": lambda: SimpleUploadedFile("report.txt", b"A report"),
}


@pytest.mark.proves("ADR-4")
@pytest.mark.parametrize("told_in", FILES)
def test_a_document_stops_by_its_title_its_name_and_its_text(cast, told_in):
    title = "Visit to 24 Mill Lane" if told_in == "a title" else "Report"
    typed = {"title": title, "kind": "other", "section": Section.SCHOOL.value, "who": "everyone"}

    stops_then_goes_on(
        cast.client("head"),
        reverse("documents:add", args=[cast.mia.public_id]),
        typed,
        Document.unscoped.exists,
        file=FILES[told_in],
    )
