"""The page about needs and support: SEN, the SDQ, and what the child is, with what is not yet known said apart."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from onroll.access.sections import Section
from onroll.children import telling
from onroll.children.models import Characteristics, CharacteristicSpell, SettingTold
from onroll.codes import ETHNICITY, LOCAL_AUTHORITY, SDQ_REASON, SEN_NEED, SEN_PROVISION, sdq_band_of, sex_of
from onroll.design.tables import Column, Table
from onroll.design.values import SpellRow, SummaryRow, spell_table
from onroll.design.words import day, day_short, length_of_time, lower_first

from .record import DatedFact, Record
from .words import source_words

NOT_KNOWN = "Not known yet"


def sen_rows(record: Record) -> list[SummaryRow]:
    """The provision, the needs and the plan on the day."""
    provisions = record.on_the_day("sen")
    needs = record.on_the_day("need")
    plans = record.on_the_day("ehc_plan")
    if not (provisions or needs or plans):
        return []
    rows = []
    if provisions:
        provision = SEN_PROVISION.get(provisions[-1].words[0])
        rows.append(SummaryRow("Provision", provision.label if provision else NOT_KNOWN))
        rows.append(SummaryRow("Since", _since(provisions[-1], record)))
    for number, fact in enumerate(needs):
        need = SEN_NEED.get(fact.words[0])
        rows.append(SummaryRow("Main need" if number == 0 else "Another need", need.label if need else NOT_KNOWN))
    for plan in plans:
        writes = record.may_change(Section.SEN)
        ends = record.act_url("children:plan_end", plan.public_id) if writes else ""
        reviews = record.act_url("children:plan_review", plan.public_id) if writes else ""
        rows.append(SummaryRow("EHC plan issued", day(plan.start), ends, "End"))
        authority = LOCAL_AUTHORITY.get(plan.words[0])
        if authority:
            rows.append(SummaryRow("Responsible authority", authority.label))
        rows.append(SummaryRow("Next annual review", day(plan.on) or "Not recorded", reviews))
    return rows


def sen_yes_or_no(record: Record) -> list[SummaryRow]:
    """For a service that only has to know whether there is a need."""
    if record.has_sen is None:
        return []
    return [SummaryRow("Special educational needs", "Yes" if record.has_sen else "None recorded")]


def sen_table(record: Record) -> Table | None:
    """What was recorded before, newest first."""
    rows = []
    for kind, codes in (("sen", SEN_PROVISION), ("need", SEN_NEED)):
        for fact in record.facts(kind):
            if fact.end is not None and fact.end <= record.day:
                held = codes.get(fact.words[0])
                rows.append(_row(held.label if held else fact.words[0], fact))
    rows += [_row("EHC plan", f) for f in record.facts("ehc_plan") if f.end is not None and f.end <= record.day]
    rows.sort(key=lambda row: row.start or record.child.birth_date, reverse=True)
    return spell_table("Earlier provision and needs", rows, today=record.day, what="What") if rows else None


def sdq_table(record: Record) -> Table | None:
    """Every SDQ score with its band, newest first."""
    scores = record.facts("sdq")
    if not scores:
        return None
    rows: list[Any] = []
    for fact in reversed(scores):
        if fact.number is None:
            reason = SDQ_REASON.get(fact.words[0])
            rows.append([day_short(fact.start), "None", reason.label if reason else "", source_words(fact.source)])
        else:
            band = sdq_band_of(fact.number).label
            rows.append([day_short(fact.start), str(fact.number), band, source_words(fact.source)])
    columns = [Column("Day"), Column("Score", number=True), Column("Band"), Column("Known from")]
    return Table("SDQ scores", columns, rows)


@dataclass(frozen=True)
class Completeness:
    """How much of what the statistics ask is known. Not disclosed is an answer."""

    known: int
    asked: int
    not_disclosed: int

    @property
    def words(self) -> str:
        apart = f", {self.not_disclosed} of them not disclosed" if self.not_disclosed else ""
        return f"{self.known} of {self.asked} known{apart}"


@dataclass(frozen=True)
class Characteristic:
    label: str
    value: str
    known: bool
    disclosed: bool = True


def told_settings(record: Record) -> list[SettingTold]:
    """What settings were told of the child's needs. A school reads what was written for it."""
    return [] if record.is_past else telling.told_settings(record.child, record.actor)


def characteristics(record: Record) -> list[Characteristic]:
    """What the child is, each known, not disclosed or not known yet. A school has what it teaches by."""
    held = record.characteristics
    whole = record.may_read(Section.CHARACTERISTICS)
    if held is None:
        if not record.has_summary(Section.CHARACTERISTICS):
            return []
        held = Characteristics()
    found = []
    if whole:
        sex = sex_of(held.sex)
        found.append(_of("Sex", sex.label if sex else ""))
        ethnicity = ETHNICITY.get(held.ethnicity)
        if ethnicity is not None and ethnicity.not_disclosed:
            found.append(_of("Ethnicity", Characteristics.NOT_DISCLOSED))
        else:
            found.append(_of("Ethnicity", ethnicity.label if ethnicity and not ethnicity.not_yet_obtained else ""))
    found.append(_of("First language", held.first_language))
    spells = {f.words[0]: f for f in record.on_the_day("characteristic")}
    kinds = CharacteristicSpell.Kind
    eal = spells.get(kinds.EAL)
    found.append(_of("English as an additional language", eal.words[1] if eal else ""))
    if whole:
        found.append(_of("Religion", held.religion))
    found.append(_yes("Disability", held.disability, spells.get(kinds.DISABILITY)))
    found.append(_yes("Free school meals", held.fsm, spells.get(kinds.FSM)))
    if whole:
        uasc = held.uasc and (held.uasc_until is None or held.uasc_until > record.day)
        found.append(_yes("Unaccompanied asylum-seeking child", None if held.uasc is None else bool(uasc), None))
    return found


def completeness(found: list[Characteristic]) -> Completeness:
    return Completeness(
        known=sum(each.known for each in found),
        asked=len(found),
        not_disclosed=sum(not each.disclosed for each in found),
    )


def characteristic_table(record: Record) -> Table | None:
    """Characteristics that came and went, newest first."""
    over = [fact for fact in record.facts("characteristic") if fact.end is not None and fact.end <= record.day]
    rows = [
        _row(f"{CharacteristicSpell.Kind(fact.words[0]).label}: {lower_first(fact.words[1])}", fact)
        for fact in reversed(over)
    ]
    return spell_table("Earlier", rows, today=record.day, what="What") if rows else None


def _of(label: str, value: str) -> Characteristic:
    if value == Characteristics.NOT_DISCLOSED:
        return Characteristic(label, value, known=True, disclosed=False)
    return Characteristic(label, value or NOT_KNOWN, known=bool(value))


def _yes(label: str, held: bool | None, spell: DatedFact | None) -> Characteristic:
    """A yes or no: of the dated fact where there is one."""
    if spell is not None:
        return _of(label, f"{spell.words[1]}, since {day(spell.start)}")
    return _of(label, "" if held is None else "Yes" if held else "No")


def _since(fact: DatedFact, record: Record) -> str:
    length = length_of_time(fact.start, record.day)
    return day(fact.start) + (f", for {length}" if length else "")


def _row(what: str, fact: DatedFact) -> SpellRow:
    return SpellRow(what=what, start=fact.start, last=fact.end - timedelta(days=1) if fact.end else None)
