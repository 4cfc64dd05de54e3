"""What a return would change in the record as it is: the plan that the preview tells and applying carries out.

A return speaks for its collection year. A child is known by number, an episode by child and first day: what a return
shares with an earlier one is updated, never doubled. What lay before the year is not taken away. An older return that
comes after a newer one fills what is empty and never reopens what the newer closed.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from onroll.access.actors import Actor
from onroll.authorities.models import Authority
from onroll.children.models import (
    CareEpisode,
    CareLeaverContact,
    Characteristics,
    Child,
    EpisodePlacement,
    Identifiers,
    MissingEpisode,
    PlacementAddress,
    PlacementArea,
    PreviousPermanence,
    Review,
    SDQScore,
)
from onroll.children.queries import SHORT_BREAKS
from onroll.codes import ETHNICITY, REASON_NEW, SEX
from onroll.codes.upn import why_not_upn
from onroll.codes.year_groups import LAST_YEAR, SchoolYear, born_between
from onroll.exchange.differences import Trust
from onroll.exchange.models import Import
from onroll.exchange.plans import Changes, Checked, Options, Plan
from onroll.exchange.problems import Grade, Problem

from . import facts

SOURCE = "ssda903"
FEED_NAME = "ssda903"


def plan(checked: Checked, *, actor: Actor, options: Options) -> Plan:
    """Compare a checked return with the record, and say what would change. Reads only."""
    comparing = _Comparing(checked.facts, actor, options)
    comparing.children()
    comparing.episodes()
    comparing.implied_endings()
    comparing.side_files()
    return comparing.told()


@dataclass
class _Held:
    """One child as the record holds it, or as this return makes it."""

    number: str
    child: Child
    identifiers: Identifiers
    characteristics: Characteristics | None
    is_new: bool = False
    numbers: set[str] = field(default_factory=set)
    episodes: dict[date, list[CareEpisode]] = field(default_factory=lambda: defaultdict(list))


class _Comparing:
    def __init__(self, facts: facts.Return, actor: Actor, options: Options) -> None:
        self.facts = facts
        self.actor = actor
        self.options = options
        self.authority = Authority.objects.get(pk=actor.authority)
        self.changes = Changes()
        self.trust = Trust(self.authority, SOURCE, self.changes, today=actor.today)
        self.problems: list[Problem] = []
        # The last day that anything here can be known of.
        self.told_on = min(facts.year_end, options.as_at or actor.today)
        self.newer_from = self._next_year_told_already()
        self.held: dict[str, _Held] = {}
        self.placements: dict[int, EpisodePlacement] = {}
        self.addresses: dict[int, PlacementAddress] = {}
        self.areas: dict[int, PlacementArea] = {}
        # Episodes that this return ends by leaving them out.
        self.implied: list[tuple[_Held, CareEpisode]] = []
        self.changed: set[str] = set()
        self.moved: set[str] = set()
        self.left_out = 0
        self._read_the_record()
        self.looked_after_before = self._looked_after()

    def _next_year_told_already(self) -> date | None:
        """The first day of the next collection year of which a whole return has been applied already."""
        if self.facts.year_start == date.min:
            return None
        return (
            Import.objects.filter(
                authority=self.authority,
                feed=FEED_NAME,
                state=Import.State.APPLIED,
                part=False,
                speaks_from__gt=self.facts.year_start,
            )
            .order_by("speaks_from")
            .values_list("speaks_from", flat=True)
            .first()
        )

    # What the record holds

    def _read_the_record(self) -> None:
        own = {"authority": self.authority}
        children = {child.pk: child for child in Child.unscoped.filter(**own)}
        characteristics = {row.child_id: row for row in Characteristics.unscoped.filter(**own)}
        numbers = list(Identifiers.unscoped.filter(**own))
        holders: dict[int, _Held] = {}
        for row in numbers:
            child = children[row.child_id]
            if child.merged_into_id is None:
                row._state.fields_cache["child"] = child
                holders[child.pk] = _Held(row.child_number, child, row, characteristics.get(child.pk))
        for row in numbers:
            # The number of a record that was merged is another number of the child it was merged into.
            child = children[row.child_id]
            while child.merged_into_id is not None:
                child = children[child.merged_into_id]
            if child.pk in holders:
                holders[child.pk].numbers.add(row.child_number)
                self.held[row.child_number] = holders[child.pk]
        for episode in CareEpisode.unscoped.filter(**own).order_by("pk"):
            holder = holders.get(episode.child_id)
            if holder is not None:
                episode._state.fields_cache["child"] = holder.child
                holder.episodes[episode.start].append(episode)
        self.placements = {row.episode_id: row for row in EpisodePlacement.unscoped.filter(**own)}
        self.addresses = {row.episode_id: row for row in PlacementAddress.unscoped.filter(**own)}
        self.areas = {row.episode_id: row for row in PlacementArea.unscoped.filter(**own)}

    def _looked_after(self) -> set[str]:
        """The numbers of the children on the roll on the day the return speaks for, as things stand in memory."""
        day = self.told_on
        oldest = born_between(SchoolYear(LAST_YEAR), on=day)[0]
        gone = {id(row) for row in self.changes.deletes.get(CareEpisode, ())}
        return {
            held.number
            for held in self._everyone()
            if held.child.held_as == Child.HeldAs.OWN
            and held.child.birth_date >= oldest
            and any(
                episode.holds_on(day) and episode.legal_status not in SHORT_BREAKS and id(episode) not in gone
                for episodes in held.episodes.values()
                for episode in episodes
            )
        }

    def _everyone(self) -> Iterable[_Held]:
        return {id(held): held for held in self.held.values()}.values()

    # Children

    def children(self) -> None:
        for number, header in self.facts.headers.items():
            held = self.held.get(number)
            if held is None:
                self.held[number] = self._new_child(header)
            elif self._update_child(held, header):
                self.changed.add(held.number)

    def _own(self, child: Child) -> dict[str, Any]:
        return {"authority_id": self.authority.pk, "child": child, "source": SOURCE}

    def _new_child(self, header: facts.Header) -> _Held:
        child = self.changes.create(Child(authority_id=self.authority.pk, birth_date=header.birth_date, source=SOURCE))
        identifiers = self.changes.create(
            Identifiers(**self._own(child), child_number=header.child, upn=header.upn, upn_unknown=header.upn_unknown)
        )
        characteristics = self.changes.create(
            Characteristics(**self._own(child), sex=header.sex, ethnicity=header.ethnicity)
        )
        return _Held(header.child, child, identifiers, characteristics, is_new=True, numbers={header.child})

    def _update_child(self, held: _Held, header: facts.Header) -> bool:
        """Bring what is held of a child up to the header. Never a known answer to "not known"."""
        place = (header.file, header.line)
        older = self.newer_from is not None
        words = {"number": held.number, "place": place, "fill_only": older}
        changed = self.trust.merge(held.child, {"birth_date": header.birth_date}, **words)
        if held.child.held_as != Child.HeldAs.OWN and not older:
            changed |= self.changes.update(held.child, held_as=Child.HeldAs.OWN)
        if held.characteristics is None:
            held.characteristics = self.changes.create(
                Characteristics(**self._own(held.child), sex=header.sex, ethnicity=header.ethnicity)
            )
            changed = True
        else:
            row = held.characteristics
            row._state.fields_cache["child"] = held.child
            said = {"sex": header.sex, "ethnicity": header.ethnicity}
            if row.sex and header.sex and SEX[header.sex].code == "U":
                del said["sex"]
            if row.ethnicity and header.ethnicity and ETHNICITY[header.ethnicity].not_yet_obtained:
                del said["ethnicity"]
            changed |= self.trust.merge(row, said, **words)
        return changed | self._update_upn(held.identifiers, header, words)

    def _update_upn(self, row: Identifiers, header: facts.Header, words: dict[str, Any]) -> bool:
        if not header.upn:
            # A code for "no UPN" never takes the place of one.
            return bool(header.upn_unknown and not row.upn) and self.trust.merge(
                row, {"upn_unknown": header.upn_unknown}, **words
            )
        before = row.upn
        if before and before != header.upn and why_not_upn(header.upn) and not why_not_upn(before):
            # One whose check letter fits is not given up for one whose check letter does not.
            self.trust.differ(row, "upn", header.upn, number=words["number"], place=words["place"])
            return False
        changed = self.trust.merge(row, {"upn": header.upn}, **words)
        if changed and before and row.upn != before:
            self.changes.update(row, former_upn=before)
        if row.upn and row.upn_unknown:
            self.changes.update(row, upn_unknown="")
        return changed

    def _known(self, fact: Any, *, stops: bool = False) -> _Held | None:
        """Whose fact it is. A child in neither the return's headers nor the record is nobody's to place."""
        held = self.held.get(fact.child)
        if held is not None:
            return held
        if stops:
            wrong = "This child has no header row and is not held, so there is no date of birth"
            done = "Nothing is applied unless you choose to leave this child out"
            self.problems.append(
                Problem(Grade.STOPS, "no_header", fact.file, fact.line, fact.child, "CHILD", wrong, done)
            )
        else:
            wrong = "This child is in no header row and is not held"
            self.problems.append(
                Problem(
                    Grade.LEFT_OUT,
                    "unknown_child",
                    fact.file,
                    fact.line,
                    fact.child,
                    "CHILD",
                    wrong,
                    "Left this row out",
                )
            )
        return None

    # Episodes

    def episodes(self) -> None:
        for said in self.facts.episodes:
            held = self._known(said, stops=True)
            if held is None:
                continue
            theirs = held.episodes.get(said.start)
            if theirs:
                self._update_episode(held, theirs[-1], said)
            else:
                self._new_episode(held, said)

    def _new_episode(self, held: _Held, said: facts.Episode) -> None:
        end, provisional = said.end, False
        if end is None and self.newer_from is not None:
            # A newer return, applied already, does not hold it: it had ended by the start of that year.
            end, provisional = self.newer_from, True
        own = self._own(held.child)
        episode = self.changes.create(
            CareEpisode(
                **own,
                start=said.start,
                end=end,
                provisional_end=provisional,
                legal_status=said.legal_status,
                reason_new=said.reason_new,
                reason_ceased=said.reason_ceased,
                category_of_need=said.category_of_need,
                reason_place_change=said.reason_place_change,
            )
        )
        self.changes.create(
            EpisodePlacement(
                **own,
                episode=episode,
                placement_type=said.placement_type,
                provider=said.provider,
                ofsted_urn=said.ofsted_urn,
            )
        )
        if said.postcode or said.home_postcode:
            self.changes.create(
                PlacementAddress(**own, episode=episode, postcode=said.postcode, home_postcode=said.home_postcode)
            )
        held.episodes[said.start].append(episode)
        if not held.is_new:
            self.changed.add(held.number)
            reason = REASON_NEW.get(said.reason_new)
            if reason is not None and reason.is_placement_change:
                self.moved.add(held.number)

    def _update_episode(self, held: _Held, episode: CareEpisode, said: facts.Episode) -> None:
        place = (said.file, said.line)
        older = self.newer_from is not None and _reaches(episode, self.newer_from)
        words = {"number": held.number, "place": place, "fill_only": older}
        changed = self.trust.merge(
            episode,
            {
                "legal_status": said.legal_status,
                "reason_new": said.reason_new,
                "category_of_need": said.category_of_need,
                "reason_place_change": said.reason_place_change,
            },
            **words,
        )
        changed |= not older and self._update_end(held, episode, said)
        placement = self.placements.get(episode.pk)
        kind = {"placement_type": said.placement_type, "provider": said.provider, "ofsted_urn": said.ofsted_urn}
        if placement is not None:
            placement._state.fields_cache["child"] = held.child
            changed |= self.trust.merge(placement, kind, **words)
        else:
            self.changes.create(EpisodePlacement(**self._own(held.child), episode=episode, **kind))
            changed = True
        address = self.addresses.get(episode.pk)
        where = {"postcode": said.postcode, "home_postcode": said.home_postcode}
        if address is not None:
            address._state.fields_cache["child"] = held.child
            changed |= self.trust.merge(address, where, **words)
        elif any(where.values()):
            self.changes.create(PlacementAddress(**self._own(held.child), episode=episode, **where))
            changed = True
        if changed:
            self.changed.add(held.number)

    def _update_end(self, held: _Held, episode: CareEpisode, said: facts.Episode) -> bool:
        """The end of an episode held already. A blank one says only that it was open at the end of the year."""
        if said.end is None:
            if episode.end is None or episode.end > self.told_on or self.newer_from is not None:
                return False
            said_end: dict[str, Any] = {"end": None, "reason_ceased": ""}
        else:
            said_end = {"end": said.end, "reason_ceased": said.reason_ceased}
            if episode.end == said.end and not episode.provisional_end:
                return self.changes.update(episode, reason_ceased=episode.reason_ceased or said.reason_ceased)
        if not self.trust.is_trusted_over(episode.source) and not episode.provisional_end:
            self.trust.differ(episode, "end", said_end["end"], number=held.number, place=(said.file, said.line))
            return False
        return self.changes.update(episode, **said_end, provisional_end=False)

    # What the return no longer holds

    def implied_endings(self) -> None:
        """Episodes of an earlier load that reach into this year and that this return leaves out.

        One from before the year is given a provisional end at its start: a person has still to give the day. One that
        began in the year came from an earlier load of the same year, and is taken away again.
        """
        if self.options.part or not self.facts.has_episodes:
            return
        told = {(episode.child, episode.start) for episode in self.facts.episodes}
        for held in list(self._everyone()):
            if held.is_new or held.numbers & self.facts.stopped:
                continue
            for start, episodes in list(held.episodes.items()):
                for episode in episodes:
                    if episode.pk is None or any((number, start) in told for number in held.numbers):
                        continue
                    if self._is_left_out(episode):
                        self._end(held, episode)

    def _is_left_out(self, episode: CareEpisode) -> bool:
        first, last = self.facts.year_start, self.facts.year_end
        if episode.start > last or (episode.end is not None and episode.end <= first):
            return False
        return self.newer_from is None or not _reaches(episode, self.newer_from)

    def _end(self, held: _Held, episode: CareEpisode) -> None:
        first = self.facts.year_start
        if not self.trust.is_trusted_over(episode.source):
            if episode.start < first and episode.end is None:
                self.trust.differ(episode, "end", first, number=held.number, place=("", None))
            return
        self.implied.append((held, episode))
        self.changed.add(held.number)
        if episode.start < first:
            self.changes.update(episode, end=first, reason_ceased="", provisional_end=True)
            return
        for rows in (self.placements, self.addresses, self.areas):
            if episode.pk in rows:
                self.changes.delete(rows[episode.pk])
        self.changes.delete(episode)

    # What else is said of a child

    def side_files(self) -> None:
        self._asylum_seeking()
        self._sdq()
        self._reviews()
        self._missing()
        self._permanence()
        self._contacts()

    def _theirs(self, model: Any) -> dict[int, list[Any]]:
        """What is held of one kind, by child."""
        held: dict[int, list[Any]] = defaultdict(list)
        for row in model.unscoped.filter(authority=self.authority).order_by("pk"):
            held[row.child_id].append(row)
        return held

    def _bring(self, held: _Held, row: Any | None, model: Any, said: dict[str, Any], fact: Any, **new: Any) -> None:
        """Bring a held row up to what the return says of it, or make it."""
        if row is None:
            self.changes.create(model(**self._own(held.child), **said, **new))
            changed = True
        else:
            row._state.fields_cache["child"] = held.child
            changed = self.trust.merge(
                row,
                said,
                number=held.number,
                place=(fact.file, fact.line),
                fill_only=self.newer_from is not None,
            )
        if changed and not held.is_new:
            self.changed.add(held.number)

    def _asylum_seeking(self) -> None:
        for said in self.facts.asylum_seeking:
            held = self._known(said)
            if held is None:
                continue
            if held.characteristics is None:
                held.characteristics = self.changes.create(Characteristics(**self._own(held.child)))
            if held.characteristics.pk is None:
                held.characteristics.uasc, held.characteristics.uasc_until = True, said.until
                continue
            self._bring(held, held.characteristics, Characteristics, {"uasc": True, "uasc_until": said.until}, said)

    def _sdq(self) -> None:
        theirs = self._theirs(SDQScore) if self.facts.sdq else {}
        first, last = self.facts.year_start, self.facts.year_end
        for said in self.facts.sdq:
            held = self._known(said)
            if held is None:
                continue
            # One questionnaire a year: a later load of the same year corrects it.
            of_the_year = [row for row in theirs.get(held.child.pk, ()) if first <= row.start <= last]
            self._bring(
                held,
                of_the_year[-1] if of_the_year else None,
                SDQScore,
                {"score": said.score, "reason": said.reason},
                said,
                **({} if of_the_year else {"start": self.told_on}),
            )

    def _reviews(self) -> None:
        theirs = self._theirs(Review) if self.facts.reviews else {}
        by_day = {(child, row.on): row for child, rows in theirs.items() for row in rows}
        for said in self.facts.reviews:
            held = self._known(said)
            if held is None:
                continue
            row = by_day.get((held.child.pk, said.on))
            was_held = said.on <= self.told_on
            if row is None:
                self._bring(
                    held, None, Review, {"on": said.on, "participation": said.participation}, said, held=was_held
                )
                continue
            self._bring(held, row, Review, {"participation": said.participation}, said)
            if was_held and not row.held and self.changes.update(row, held=True):
                self.changed.add(held.number)

    def _missing(self) -> None:
        theirs = self._theirs(MissingEpisode) if self.facts.missing else {}
        by_day = {(child, row.start): row for child, rows in theirs.items() for row in rows}
        for said in self.facts.missing:
            held = self._known(said)
            if held is not None:
                row = by_day.get((held.child.pk, said.start))
                values = {"kind": said.kind, "end": said.end}
                self._bring(held, row, MissingEpisode, values, said, **({} if row else {"start": said.start}))

    def _permanence(self) -> None:
        theirs = self._theirs(PreviousPermanence) if self.facts.permanence else {}
        for said in self.facts.permanence:
            held = self._known(said)
            if held is not None:
                rows = theirs.get(held.child.pk)
                values = {"kind": said.kind, "la_code": said.la_code, "date_as_sent": said.date_as_sent}
                self._bring(held, rows[-1] if rows else None, PreviousPermanence, values, said)

    def _contacts(self) -> None:
        theirs = self._theirs(CareLeaverContact) if self.facts.contacts else {}
        by_day = {(child, row.on): row for child, rows in theirs.items() for row in rows}
        for said in self.facts.contacts:
            held = self._known(said)
            if held is not None:
                on = self.facts.year_end
                row = by_day.get((held.child.pk, on))
                values = {"in_touch": said.in_touch, "activity": said.activity, "accommodation": said.accommodation}
                self._bring(held, row, CareLeaverContact, values, said, **({} if row else {"on": on}))

    # In words

    def told(self) -> Plan:
        made = Plan(changes=self.changes, problems=self.problems + self.trust.problems)
        before, after = self.looked_after_before, self._looked_after()
        new = {held.number for held in self._everyone() if held.is_new}
        implied = {held.number for held, _ in self.implied}
        missing = (before - after) & implied
        left = before - after - implied
        came = after - before
        self.moved &= before & after
        stay = {number for number in self.facts.children if number in self.held} - self.changed - new
        day = _day(self.told_on)
        made.sentence(
            "same",
            len(stay),
            "children stay as they are",
            "children stayed as they were",
            "in both the return and the record, no difference",
            stay,
        )
        made.sentence(
            "came",
            len(came),
            "children come onto the roll",
            "children came onto the roll",
            f"looked after on {day}; {len(came & new):,} of them new to Onroll",
            came,
        )
        off_the_roll = new - after
        made.sentence(
            "held",
            len(off_the_roll),
            "children are new to Onroll and not on the roll",
            "children were new to Onroll and not on the roll",
            self._why_off_the_roll(off_the_roll),
            off_the_roll,
        )
        made.sentence(
            "left",
            len(left),
            "children leave care",
            "children left care",
            f"the return gives their last day, and they are not looked after on {day}",
            left,
        )
        made.sentence("moved", len(self.moved), "children change home", "children changed home", "", self.moved)
        details = self.changed - came - left - self.moved - implied
        made.sentence(
            "changed",
            len(details),
            "other children have something new",
            "other children had something new",
            "an episode, a review, a score or a detail that was not held, or not as it is now",
            details,
        )
        made.sentence(
            "missing",
            len(implied),
            "children have an episode that this return no longer holds",
            "children had an episode that this return no longer held",
            self._what_becomes_of_them(missing),
            implied,
        )
        rows_out = sum(1 for problem in self.problems if problem.kind == "unknown_child")
        made.sentence(
            "not_matched",
            rows_out,
            "rows match no child",
            "rows matched no child",
            "left out, and listed for you",
            {problem.child for problem in self.problems if problem.kind == "unknown_child"},
        )
        made.would_end = len(self.implied)
        made.share_ended = round(len(before - after) / len(before), 4) if before else 0.0
        made.summary = f"The roll on {day} goes from {len(before):,} to {len(after):,} children."
        return made

    def _why_off_the_roll(self, numbers: set[str]) -> str:
        short_breaks = without = 0
        for number in numbers:
            episodes = [e for rows in self.held[number].episodes.values() for e in rows]
            if not episodes:
                without += 1
            elif any(e.holds_on(self.told_on) and e.legal_status in SHORT_BREAKS for e in episodes):
                short_breaks += 1
        ended = len(numbers) - short_breaks - without
        return (
            f"{short_breaks:,} with only agreed short breaks, {ended:,} whose care ended, "
            f"{without:,} without an episode"
        )

    def _what_becomes_of_them(self, missing: set[str]) -> str:
        if not self.implied:
            return "none"
        return (
            f"given a provisional end on {_day(self.facts.year_start)} for you to settle; "
            f"{len(missing):,} of them leave the roll by it"
        )


def _reaches(episode: CareEpisode, year_start: date) -> bool:
    """Whether the return of the year that begins then had the word on this episode: it holds into that year."""
    return (
        episode.end is None or episode.end > year_start or (episode.end == year_start and not episode.provisional_end)
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
