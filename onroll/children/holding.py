"""What holds now, in sentences above a form. Each only for a reader of its section."""

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.access.sections import Section, may_read
from onroll.codes import LEGAL_STATUS, PLACEMENT_PROVIDER, PLACEMENT_TYPE, SEN_NEED, SEN_PROVISION, CodeSet
from onroll.design.words import day, listed, lower_first

from .contradictions import called, start_of_sentence
from .models import (
    Allocation,
    CareEpisode,
    Child,
    EHCPlan,
    PlacementAddress,
    SchoolPlace,
    SDQScore,
    SENNeed,
    SENProvision,
    Status,
)


def words_of(codes: CodeSet, code: str) -> str:
    """The words of a code; of one that no list holds, the code itself."""
    known = codes.get(code)
    return known.label if known is not None else code or "not known"


def care_now(child: Child, actor: Actor) -> list[str]:
    """Whether the child is looked after, under which legal status, and in which kind of home."""
    if not may_read(actor, Section.CARE):
        return []
    episodes = list(CareEpisode.of(child, actor).select_related("placement").order_by("start", "id"))
    open_ones = [episode for episode in episodes if episode.end is None]
    if not episodes:
        return [f"No care is recorded for {called(child)}."]
    if not open_ones:
        last = max(episodes, key=lambda each: each.end)
        ended = "may have ended" if last.provisional_end else "ended"
        return [f"Care {ended} on {day(last.end)}."]
    said = []
    for episode in open_ones:
        status = lower_first(words_of(LEGAL_STATUS, episode.legal_status))
        said.append(f"Since {day(episode.start)} the legal status is: {status}.")
        home = getattr(episode, "placement", None)
        if home is not None and may_read(actor, Section.PLACEMENT):
            said.append(f"Home: {lower_first(words_of(PLACEMENT_TYPE, home.placement_type))}.")
            if home.provider:
                said.append(f"Provider: {lower_first(words_of(PLACEMENT_PROVIDER, home.provider))}.")
    return said


def address_now(child: Child, actor: Actor) -> list[str]:
    """Who must not be told where the child lives."""
    held = PlacementAddress.of(child, actor).filter(episode__end__isnull=True).order_by("-episode__start").first()
    if held is None:
        return [f"No address is recorded for {called(child)}."] if may_read(actor, Section.ADDRESS) else []
    return [f"{held.get_disclosure_display()}."]


def school_now(child: Child, actor: Actor) -> list[str]:
    """The places that hold or are to come, as far as the reader sees them."""
    places = SchoolPlace.of(child, actor).exclude(end__lte=actor.today).select_related("school").order_by("start", "id")
    said = [place_now(place, actor) for place in places]
    if said:
        return said
    if not may_read(actor, Section.SCHOOL):
        return []
    last = SchoolPlace.of(child, actor).filter(end__isnull=False).select_related("school").order_by("end").last()
    if last is None:
        return [f"No school is recorded for {called(child)}."]
    return [f"{start_of_sentence(called(child))} has had no school since {day(last.end)}."]


def place_now(place: SchoolPlace, actor: Actor) -> str:
    """One place in a sentence."""
    since = f"since {day(place.start)}" if place.start <= actor.today else f"from {day(place.start)}"
    until = f" to {day(place.end)}" if place.end else ""
    at = f": {place.school.name}" if place.school else ""
    return f"{place.get_kind_display()}{at}, {since}{until}."


def needs_now(child: Child, actor: Actor) -> list[str]:
    """SEN provision, primary need, EHC plan and the last SDQ."""
    said = []
    for model, codes, words in (
        (SENProvision, SEN_PROVISION, "SEN provision"),
        (SENNeed, SEN_NEED, "Primary need"),
    ):
        held = model.of(child, actor).filter(end__isnull=True).order_by("start").last()
        if held is not None:
            said.append(f"{words} since {day(held.start)}: {lower_first(words_of(codes, held.value))}.")
    plan = EHCPlan.of(child, actor).filter(end__isnull=True).order_by("start").last()
    if plan is not None:
        review = f", next review {day(plan.review_on)}" if plan.review_on else ""
        said.append(f"EHC plan issued on {day(plan.start)}{review}.")
    return said


def sdq_now(child: Child, actor: Actor) -> list[str]:
    score = SDQScore.of(child, actor).order_by("start", "id").last()
    if score is None:
        return []
    return [f"The last score is {score.score}, of {day(score.start)}." if score.score is not None else ""]


def people_now(child: Child, actor: Actor) -> list[str]:
    """Who works with the child."""
    held = Allocation.of(child, actor).on(actor.today).select_related("account").order_by("role", "start")
    by_role: dict[str, list[str]] = {}
    for allocation in held:
        by_role.setdefault(allocation.role, []).append(allocation.account.name)
    return [f"{Role(role).label}: {listed(names)}." for role, names in by_role.items()]


def statuses_now(child: Child, actor: Actor) -> list[str]:
    held = Status.of(child, actor).on(actor.today).order_by("start", "id")
    return [f"{status.get_kind_display()} since {day(status.start)}." for status in held]
