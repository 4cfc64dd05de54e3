"""Two authorities with colliding data, a person for every role, and a child who carries a marker in every field.

A marker names the section of the need-to-know table that its field belongs to, so that a page that shows it to the
wrong reader says which promise it broke.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.db import models
from django.utils import timezone

from onroll.access.actors import Actor
from onroll.access.encryption import EncryptedTextField
from onroll.access.models import Account, KeptWords
from onroll.access.roles import PARTNERS, Role
from onroll.access.sections import Section
from onroll.administration.models import AccessReview, ReviewedPost
from onroll.authorities.models import Authority, CalendarEntry, Team
from onroll.children import models as roll
from onroll.children.actions.merging import merge_children
from onroll.children.records import ChildRecord
from onroll.children.searching import search_words_of
from onroll.children.tests.scene import a_school, an_agreement, an_authority, an_episode, together, write
from onroll.documents.models import SECTIONS, Document, DocumentTrace, DocumentVersion
from onroll.documents.tests.files import a_picture
from onroll.documents.tests.scene import a_document
from onroll.exchange.models import Import, ImportProblem
from onroll.exports.models import Export
from onroll.exports.tests.scene import a_copy
from onroll.looks.models import Alert
from onroll.measures.models import Target
from onroll.people.models import Cover, Post, SharingAgreement
from onroll.people.posts import actor_for
from onroll.peps.forms.local import Declaration, LocalQuestion
from onroll.peps.models import (
    Activity,
    Concern,
    Contribution,
    ContributorLink,
    LocalForm,
    MeetingPerson,
    MoneyRequest,
    PepAction,
    PepAnswers,
    PepAudit,
    PepSection,
    PlanInReview,
    Signature,
    VoiceAnswer,
    VoiceOffer,
    VoicePass,
)
from onroll.peps.tests.scene import a_pep, a_target
from onroll.peps.voice_models import Said
from onroll.plans.tests.scene import a_whole_plan
from onroll.schools.models import School, SchoolLink

LIVE, ENDED, NEVER, NOT_YET = "live", "ended", "never", "not_yet"
# Information governance by its post too, while a matter about the child is open.
BY_POST = (Role.VSH, Role.DEPUTY_VSH, Role.VS_ADMIN, Role.DATA_OFFICER, Role.IG)
BY_ALLOCATION = (
    Role.VS_OFFICER,
    Role.SOCIAL_WORKER,
    Role.IRO,
    Role.CARER,
    Role.SUPERVISING_SW,
    Role.DIRECTOR,
)
# By allocation too, and from the 16th birthday on: the child of the scene is younger.
FROM_16 = (Role.EET, Role.PERSONAL_ADVISER)


def marker(section: Section | str) -> str:
    """What stands in the fields of a section. Short enough for every field that holds words."""
    letter = section.value if isinstance(section, Section) else section
    return f"zq{letter}qz"


MARKERS: dict[Any, str] = {section: marker(section) for section in Section}
# What a school teaches by: of these two sections its staff see these fields, and no other (2.3).
FOR_SCHOOLS = {"a2, for schools": marker("a2s"), "a3, for schools": marker("a3s")}
MARKERS |= FOR_SCHOOLS


@dataclass
class Scene:
    today: date
    here: Authority
    elsewhere: Authority
    hillside: School
    riverside: School
    team: Team
    other_team: Team
    own_setting: School
    closed: School
    agreement: SharingAgreement = field(init=False)
    child: roll.Child = field(init=False)
    second: roll.Child = field(init=False)
    joined: roll.Child = field(init=False)
    stranger: roll.Child = field(init=False)
    records: dict[str, Any] = field(default_factory=dict)
    documents: dict[Section, Document] = field(default_factory=dict)
    people: dict[tuple[Role, str], Account] = field(default_factory=dict)

    def actor(self, role: Role, link: str = LIVE) -> Actor:
        post = Post.objects.select_related("account", "authority").get(account=self.people[role, link])
        return actor_for(post, today=self.today)


def child_models() -> list[type[models.Model]]:
    """Every model whose rows belong to a child."""
    from django.apps import apps

    return [model for model in apps.get_models() if issubclass(model, ChildRecord)]


@together()
def build() -> Scene:
    today = timezone.localdate()
    here, elsewhere = an_authority(), an_authority("998", "Castlebury")
    own_setting = write(School(authority=here, setting_id="S1", name="Quiet Room", phase="ap"))
    scene = Scene(
        today,
        here,
        elsewhere,
        a_school("Hillside"),
        a_school("Riverside"),
        write(Team(authority=here, name="North")),
        write(Team(authority=here, name="South")),
        own_setting,
        a_school("Old Hill", status="closed", closed_on=today - timedelta(days=30)),
    )
    start = today - timedelta(days=400)
    write(SchoolLink(predecessor=scene.closed, successor=scene.riverside, on=today - timedelta(days=29)))
    scene.agreement = an_agreement(here)
    scene.child = _a_child(here, MARKERS[Section.BASICS], scene.hillside, start)
    scene.second = _a_child(here, "Secondzqz", scene.riverside, start, marked=False)
    scene.joined = _a_child(here, "Joinedzqz", None, start, marked=False)
    scene.stranger = _a_child(elsewhere, "Strangerzqz", scene.riverside, start, marked=False)
    scene.records["children.Child"] = scene.child
    _mark_every_record(scene, start)
    _a_document_in_every_section(scene)
    _a_plan_in_every_part(scene)
    for role in Role:
        for link in (LIVE, ENDED, NEVER, NOT_YET):
            _person(scene, role, link)
    scene.records |= {
        "post": Post.objects.get(account=scene.people[Role.VS_OFFICER, LIVE]),
        "review": write(
            AccessReview(
                authority=here,
                academic_year="2025-26",
                term="autumn",
                opened_on=start,
                due_on=today + timedelta(days=9),
            )
        ),
        "entry": write(
            CalendarEntry(authority=here, kind="term", academic_year="2026-27", term="autumn", start=start, end=today)
        ),
        "target": write(
            Target(
                authority=here,
                measure="good-schools",
                period="2026/27",
                start=start,
                end=today,
                value=80,
                better="higher",
                due_on=today,
                set_on=start,
            )
        ),
        "view": write(roll.SavedView(authority=here, account=scene.people[Role.VSH, LIVE], name="Mine", query="")),
        "import": _an_import(here),
        "alert": write(
            Alert(
                authority=here,
                rule="refusals",
                account=scene.people[Role.DESIGNATED_TEACHER, LIVE],
                on=today,
                raised_at=timezone.now(),
            )
        ),
    }
    for post in Post.objects.filter(authority=here, role__in=(Role.DESIGNATED_TEACHER, Role.TEAM_MANAGER)).live(today):
        write(ReviewedPost(authority=here, review=scene.records["review"], post=post))
    head, worker = scene.people[Role.VSH, LIVE], write(_account("Second", "Maker"))
    scene.records["words"] = KeptWords.objects.create(
        account=head, kept_at=timezone.now(), words='{"path": "/", "fields": [["reason", "Kept"]], "files": []}'
    )
    scene.records["plan"] = a_whole_plan(here, today)
    # Made after everything that a mark could close it by.
    made = {"name": MARKERS[Section.BASICS], "made_at": timezone.now()}
    scene.records["export"] = a_copy(scene.child, head, **made)
    scene.records["export to check"] = a_copy(scene.child, worker, **made, state=Export.State.WAITING)
    scene.records["sealed opening"] = _an_opening_of_a_closed_record(scene)
    merge_children(scene.second, scene.joined, actor=scene.actor(Role.VSH))
    return scene


def _an_opening_of_a_closed_record(scene: Scene) -> roll.SealedOpening:
    """An opening that lives, by two people who keep no key: nobody is custodian in the scene."""
    now, words = timezone.now(), marker(Section.SEALED)
    closed = write(roll.Child(authority=scene.here, given_name=words, family_name=words, birth_date=date(2016, 1, 1)))
    write(roll.Identifiers(authority=scene.here, child=closed, child_number=words))
    an_episode(closed, scene.today - timedelta(days=900), end=scene.today - timedelta(days=90), reason_ceased="E11")
    return write(
        roll.SealedOpening(
            authority=scene.here,
            why="person",
            reason="Asked for at the age of 21",
            opened_by=scene.people[Role.VSH, LIVE],
            opened_with=scene.people[Role.IG, LIVE],
            opened_at=now,
            found=True,
            record=str(closed.public_id),
            until=now + timedelta(hours=1),
        )
    )


def _a_child(authority: Authority, name: str, school: School | None, start: date, *, marked: bool = True) -> roll.Child:
    child = roll.Child(
        authority=authority,
        given_name=f"Given{name}",
        family_name=f"Family{name}",
        birth_date=start.replace(year=start.year - 9, day=3),
    )
    child.search_words = search_words_of(child)
    write(child)
    keys = {"authority": authority, "child": child}
    number = marker(Section.NUMBERS) if marked else f"N{child.pk}"
    upn = marker("a3s") if marked else ""
    write(roll.Identifiers(**keys, child_number=number, upn=upn, former_upn=number[:13], uln=upn))
    words = (marker("a2s"), marker(Section.CHARACTERISTICS)) if marked else ("", "")
    write(roll.Characteristics(**keys, first_language=words[0], religion=words[1]))
    if not marked:
        an_episode(child, start)
    if not marked and school:
        write(roll.SchoolPlace(**keys, school=school, start=start))
    return child


def _mark_every_record(scene: Scene, start: date) -> None:
    """One row of every kind of record, its words replaced by the marker of its section."""
    child, keys = scene.child, {"authority": scene.here, "child": scene.child}
    episode = an_episode(child, start)
    scene.records["children.CareEpisode"] = episode
    other = write(_account("Other", "Person"))
    post = write(Post(authority=scene.here, account=other, role=Role.VS_OFFICER, start=start))
    now = timezone.now()
    opening = write(
        roll.Opening(
            **keys, account=other, post=post, why="harm", reason=marker(Section.LOOKS), opened_at=now, until=now
        )
    )
    special: dict[type[models.Model], dict[str, Any]] = {
        roll.MustNotSee: {"account": other, "tie": "relative"},
        roll.LeakKept: {"kept_at": now},
        roll.ClosedNames: {"closed_at": now - timedelta(days=400), "why": "asked"},
        roll.Named: {"about": "home", "knows": True, "account": other},
        roll.MarkRequest: {
            "about": "home",
            "row": uuid4(),
            "was": "only_named_users",
            "asked": "ordinary",
            "asked_by": other,
            "asked_at": now,
        },
        roll.Note: {"opening": opening, "written_by": other, "written_at": now},
        roll.SchoolPlace: {"school": scene.hillside},
        roll.Allocation: {"account": write(_account("Worker", marker(Section.PROFESSIONALS))), "role": Role.EP},
        roll.PlacementAddress: {"episode": episode, "disclosure": roll.Disclosure.NOT_TO_FAMILY},
        roll.PlacementArea: {"episode": episode, "la_code": "998", "la_stated": True},
        roll.EpisodePlacement: {"episode": episode},
        roll.Difference: {
            "part": Section.CARE.value,
            "fact": f"careepisode.{episode.pk}.legal_status",
            "noticed_on": start,
        },
        roll.Status: {"kind": roll.Status.Kind.KINSHIP},
        roll.SDQScore: {"score": 37},
        roll.SENProvision: {"value": "K"},
        roll.SENNeed: {"value": "SEMH"},
        roll.CharacteristicSpell: {"kind": "eal", "value": FOR_SCHOOLS["a2, for schools"]},
        roll.MoveNotice: {"about": "both", "happens_on": scene.today, "told_on": scene.today},
        roll.MissingEpisode: {"kind": "M"},
        roll.Review: {"participation": "PN1", "on": start},
        roll.CareLeaverContact: {"on": start},
        roll.ReturnedHealthFacts: {"kind": "health_checks", "on": start},
        roll.ReturnedSafeguardingFacts: {"kind": "convictions", "on": start},
        roll.Matter: {
            "kind": "review",
            "opened_by": write(_account("Opener", "Ofmatters")),
            "end": scene.today + timedelta(days=1),
        },
        roll.SettingTold: {"school": scene.riverside, "told_on": start, "about": "sen"},
        roll.RollNotice: {"school": scene.hillside, "told_on": start, "to": "head_teacher", "how": "person"},
        roll.ServiceCase: {"service": Role.EP, "account": write(_account("Case", "Worker"))},
        roll.YoungAdultAgreement: {"account": write(_account("Agreed", "Person"))},
        roll.CoverChild: {"cover": _a_cover(scene)},
        roll.Release: {"what": "address", "row": uuid4()},
    }
    skipped = (roll.Identifiers, roll.Characteristics, roll.CareEpisode, roll.EpisodePlacement, roll.Opening)
    for model in child_models():
        if model._meta.app_label in ("documents", "peps"):
            continue
        if model in skipped:
            scene.records.setdefault(model._meta.label, model._default_manager.filter(child=child).first())
            continue
        values = {**keys, **special.get(model, {})}
        if model is roll.Release:
            values["case"] = scene.records["children.ServiceCase"]
        section = Section.CARE if model is roll.Difference else model.classes.section  # type: ignore[attr-defined]
        for each in model._meta.concrete_fields:
            if each.name in values or each.name in ("id", "public_id", "source", "settled_as"):
                continue
            if isinstance(each, EncryptedTextField):
                own = model is roll.MoveNotice
                values[each.name] = marker(Section.ADDRESS if own else section)
            elif isinstance(each, models.CharField) and not each.choices and (each.max_length or 0) >= 40:
                values[each.name] = marker(section)
            elif each.name == "start":
                values[each.name] = start
        scene.records[model._meta.label] = write(model(**values))
    provisional = an_episode(child, start - timedelta(days=500), end=start - timedelta(days=400), reason_ceased="")
    provisional.provisional_end = True
    scene.records["provisional"] = write(provisional)
    carer = write(_account("Carer", marker(Section.CARER)))
    write(roll.Allocation(**keys, account=carer, role=Role.CARER, start=start))


def _a_document_in_every_section(scene: Scene) -> None:
    """Each with the marker of its section as title, file name and content. The one about SEN can be drawn."""
    for section in SECTIONS:
        words = marker(section)
        name, data = (f"{words}.txt", words.encode())
        if section is Section.SEN:
            name, data = f"{words}.png", a_picture()
        scene.documents[section] = a_document(scene.child, section, title=words, name=name, data=data)
    document = scene.documents[Section.SEN]
    scene.records["documents.Document"] = document
    scene.records["documents.DocumentVersion"] = DocumentVersion.unscoped.get(document=document)
    keys = {"authority": scene.here, "child": scene.child, "part": Section.BASICS.value}
    trace = DocumentTrace(**keys, act="removed", why="twice", added_at=timezone.now(), on=scene.today)
    scene.records["documents.DocumentTrace"] = write(trace)


def _a_plan_in_every_part(scene: Scene) -> None:
    """A plan and the one before it, with the marker of each part of the record in an answer of that part."""
    child, today = scene.child, scene.today
    said = {
        ("about", "a"): {"about_identity": marker(Section.BASICS)},
        ("family", "b"): {"family_view": marker(Section.CARE)},
        ("care", "d"): {"care_travel": marker(Section.SCHOOL)},
        ("care", "o"): {"care_messages": [{"emergency": "Yes", "person": marker(Section.CARER)}]},
        ("health", "k"): {"health_services": [{"service": marker(Section.HEALTH)}]},
        ("sen", "j"): {"sen_not_met": marker(Section.SEN)},
        ("attendance", "m"): {"att_risk": "Some risk", "att_behaviour": marker(Section.EXCLUSION)},
        ("attainment", "f"): {"assess_curriculum": marker(Section.ATTAINMENT)},
        ("strengths", "g"): {"headline": marker(Section.PEP)},
    }
    words = marker(Section.PEP)
    days = {"opens_on": today - timedelta(days=20), "due_on": today + timedelta(days=30)}
    days |= {"meeting_on": today + timedelta(days=10), "meeting_place": words}
    before = a_pep(child, academic_year="2001-02", opens_on=None, due_on=today - timedelta(days=90))
    pep = a_pep(child, why=words, return_reason=words, closing_reason=words, **days)
    for (section, part), answers in said.items():
        row = PepAnswers(authority=scene.here, child=child, pep=pep, section_key=section, part=part)
        row.answers, row.saved_at = answers, timezone.now()
        write(row)
    target = a_target(pep, words, baseline=words, action=words, owner=words)
    own = {"authority": scene.here, "child": child, "pep": pep}
    write(MoneyRequest(**own, target=target, requested_on=today, amount=1, buys=marker(Section.PUPIL_PREMIUM)))
    asked = LocalQuestion("local_1", "care", "Own", "", "text", (), "social_worker", "b", False, False, ("school_age",))
    declared = Declaration(questions=(asked,), keys=1).kept()
    write(LocalForm(authority=scene.here, version=1, made_on=today, declared=declared))
    answered = PlanInReview(authority=scene.here, child=child, on=days["opens_on"], used=True, pep=pep, said_on=today)
    answered.by_name = marker(Section.OTHER_STATUS)
    write(answered)
    write(Activity(authority=scene.here, child=child, on=today, activity="210", provider=marker(Section.SCHOOL)))
    write(PepSection(**own, section_key="voice", finished_on=today))
    write(Signature(**own, signed_as="lead", on=today, by_name=words))
    done = {"audited_on": today, "grade": "good", "rubric": "four_grade_2026", "grades": {"voice": "good"}}
    write(PepAudit(**own, **done, strong=words, to_do=words, feedback={"voice": words}, why_drawn=words))
    scene.records["peps"] = SimpleNamespace(
        pep=pep,
        target=target,
        before_target=a_target(before, words),
        person=write(MeetingPerson(**own, part="other", name=words, invited_on=today)),
        action=write(PepAction(**own, what=words, owner_words=words, due_on=today)),
        parts=[Section(part) for _, part in said],
        **_a_voice(own, today, scene.documents[Section.VIEWS]),
        link=_a_contributor(own, today),
    )


def _a_contributor(own: dict[str, Any], today: date) -> ContributorLink:
    """Somebody without an account who was asked for a few lines, and wrote them for two parts of the record."""
    words, asked = marker(Section.PEP), {"asked": "senco", "section_key": "strengths"}
    days = {"given_on": today, "expires": today, "given_by_name": "A person"}
    link = write(ContributorLink(**own, **asked, **days, name=words, token_hash="contributor"))
    for section, part, key in ((Section.PEP, "g", "headline"), (Section.SEN, "j", "sen_not_met")):
        at = "strengths" if part == "g" else "sen"
        row = Contribution(**own, link=link, section_key=at, part=part, written_on=today)
        row.answers = {key: marker(section)}
        write(row)
    return link


def _a_voice(own: dict[str, Any], today: date, picture: Document) -> dict[str, Any]:
    """What the young person said to the people who help with the plan, and what came of it."""
    words, asked = marker(Section.VIEWS), {"variant": "age_5_10", "question_key": "best", "given": "pages"}
    write(VoicePass(**own, variant="age_5_10", given_by_name="A person", given_on=today, expires=today))
    answer = VoiceAnswer(**own, **asked, helper=words, offered_on=today, said_on=today)
    answer.said, answer.picture = Said(words=words), picture.public_id
    write(answer)
    write(VoiceOffer(**own, words=words, offered_on=today, offered_by_name="A person"))
    concern = Concern(**own, answer=answer, sign="words", words=marker(Section.SAFEGUARDING), raised_on=today)
    return {"answer": answer, "concern": write(concern)}


def _a_cover(scene: Scene) -> Cover:
    """Cover that was over long ago."""
    account = write(_account("Away", "Giver"))
    start = scene.today - timedelta(days=390)
    post = write(Post(authority=scene.here, account=account, role=Role.SOCIAL_WORKER, start=start))
    end = start + timedelta(days=7)
    return write(Cover(authority=scene.here, post=post, email="cover@example.org", start=start, end=end))


def _account(given: str, family: str) -> Account:
    return Account(email=f"{uuid4().hex}@example.org", given_name=given, family_name=family)


def _person(scene: Scene, role: Role, link: str) -> None:
    """A person in this role whose link to the child is live, has ended, never was, or has not begun."""
    account = write(_account(role.label.split()[0], link.capitalize()))
    scene.people[role, link] = account
    start, today = scene.today - timedelta(days=300), scene.today
    dates: dict[str, dict[str, Any]] = {
        LIVE: {"start": start},
        ENDED: {"start": start, "end": today},
        NOT_YET: {"start": today + timedelta(days=1)},
    }
    school = None
    if role.at_a_school:
        school = scene.hillside if link in (LIVE, ENDED, NOT_YET) else scene.riverside
    # A manager of another team has a team as well, and none of its children is this one.
    team = scene.team if link == LIVE else scene.other_team
    authority = scene.elsewhere if link == NEVER and role in BY_POST else scene.here
    by_post = role in BY_POST or role.at_a_school
    write(
        Post(
            authority=authority,
            account=account,
            role=role,
            school=school,
            team=team if role in (Role.TEAM_MANAGER, Role.SOCIAL_WORKER) and authority == scene.here else None,
            agreement=scene.agreement if role in PARTNERS else None,
            **(dates.get(link) or dates[LIVE]) if by_post else dates[LIVE],
        )
    )
    keys = {"authority": scene.here, "child": scene.child}
    if role in (*PARTNERS, Role.IRO):
        # Beyond the working days they have to finish.
        dates[ENDED] = {"start": start, "end": today - timedelta(days=40)}
    if role in PARTNERS and link in dates:
        write(roll.ServiceCase(**keys, account=account, service=role, about="", **dates[link]))
    if role in (*BY_ALLOCATION, *FROM_16) and link in dates and role is not Role.SOCIAL_WORKER:
        write(roll.Allocation(**keys, account=account, role=role, **dates[link]))
    if role is Role.SOCIAL_WORKER and link in dates:
        _one_social_worker_at_a_time(scene, account, link)


def _one_social_worker_at_a_time(scene: Scene, account: Account, link: str) -> None:
    start, today = scene.today - timedelta(days=300), scene.today
    spells = {
        LIVE: (today, today + timedelta(days=1)),
        ENDED: (start, today),
        NOT_YET: (today + timedelta(days=1), None),
    }
    first, end = spells[link]
    write(
        roll.Allocation(
            authority=scene.here, child=scene.child, account=account, role=Role.SOCIAL_WORKER, start=first, end=end
        )
    )


def _an_import(authority: Authority) -> Import:
    made = write(
        Import(
            authority=authority,
            feed="ssda903",
            digest="0" * 64,
            plan_digest="0" * 64,
            planned_on=timezone.localdate(),
            previewed_at=timezone.now(),
            previewed_by="Sam",
            sentences=[{"key": "roll", "count": 1, "will": "come", "did": "came", "small": "", "children": ["N1"]}],
        )
    )
    write(
        ImportProblem(of=made, authority=authority, grade="noted", kind="k", file="f.csv", line=1, wrong="w", done="d")
    )
    return made
