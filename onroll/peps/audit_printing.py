"""An audit on paper, in parts that a PDF and a Word document are made of: for the child's social care record."""

from onroll.codes.year_groups import year_group_of
from onroll.design.pdfs import Part
from onroll.design.words import day

from .audit.rubric_files import declared
from .audit.rubrics import Grade, Rubric
from .models import PepAudit
from .writing import Writing

ASKED = ("What", "As it stands")
WIDTHS = (34, 66)


def parts_of_audit(writing: Writing, audit: PepAudit, second: PepAudit | None) -> list[Part]:
    """The result of an audit: of which plan, the grade and how it came about, criterion by criterion, target by target.

    `second`: the second marker's audit, once it is done. A part that would hold nothing is not there.
    """
    rubric = declared().rubrics[audit.rubric]
    parts = [
        _facts(writing, audit),
        _result(rubric, audit, second),
        _criteria(rubric, audit),
        _targets(writing, rubric, audit),
        _changed(rubric, audit),
        _made_known(audit),
    ]
    return [part for part in parts if part.rows or part.text]


def texts_written(writing: Writing, audit: PepAudit) -> list[str]:
    """What people wrote of all that stands on the paper: the words of the rubric are nobody's."""
    graded = [target.text for target in writing.known.targets if target.key in audit.target_grades]
    notes = [said["note"] for said in audit.target_grades.values()]
    said = [audit.strong, audit.to_do, audit.agreed_why, *audit.feedback.values(), *audit.changed_ticks.values()]
    return [*graded, *notes, *said]


def _rows(title: str, rows: list[tuple[str, str]]) -> Part:
    return Part(title, ASKED, [(asked, said) for asked, said in rows if said], WIDTHS, labelled=True)


def _facts(writing: Writing, audit: PepAudit) -> Part:
    pep, child = writing.pep, writing.pep.child
    return _rows(
        "The plan",
        [
            ("Name", child.name),
            ("Date of birth", day(child.birth_date)),
            ("Year", year_group_of(child.birth_date, on=writing.known.on).label),
            ("Plan", f"{pep.title[:1].upper()}{pep.title[1:]}"),
            ("Meeting", day(pep.held_on) if pep.held_on else ""),
            ("Handed in", day(pep.submitted_on) if pep.submitted_on else ""),
            ("Reference of the audit", audit.reference),
        ],
    )


def _result(rubric: Rubric, audit: PepAudit, second: PepAudit | None) -> Part:
    agreed = _of(rubric, audit.agreed_grade)
    first = _of(rubric, audit.grade)
    by = f"{audit.auditor_name}, {day(audit.audited_on)}" if audit.auditor_name else day(audit.audited_on)
    grade = agreed or first
    rows = [
        ("Grade", grade.label if grade else audit.get_grade_display()),
        ("Audited by", by),
        ("Rubric", f"{rubric.title}, version {audit.rubric_version}" if audit.rubric_version else rubric.title),
        ("How the grade follows", rubric.aggregation_words),
    ]
    if second is not None:
        found = _of(rubric, second.grade)
        given = found.label if found else second.get_grade_display()
        rows.append(("Second marker", f"{given}, by {second.auditor_name}, {day(second.audited_on)}"))
    if agreed and first:
        rows += [
            ("First marker", first.label),
            ("Why the grade was settled", f"{audit.agreed_why} {audit.agreed_by_name}, {day(audit.agreed_on)}"),
        ]
    rows += [
        ("What is strong", audit.strong),
        ("What is next", audit.to_do),
        ("Use of Pupil Premium Plus appropriate", audit.get_pp_use_appropriate_display()),
    ]
    return _rows("The result", rows)


def _of(rubric: Rubric, national: str) -> Grade | None:
    return next((each for each in rubric.scale if each.national == national), None)


def _criteria(rubric: Rubric, audit: PepAudit) -> Part:
    rows = []
    for each in rubric.criteria:
        if each.key in audit.grades:
            grade = rubric.grade(audit.grades[each.key])
            looks_like = next(level.looks_like for level in each.levels if level.grade == grade)
            rows.append((each.title, grade.label, looks_like, audit.feedback.get(each.key, "–")))
    return Part("Criterion by criterion", ("Criterion", "Grade", "What that means", "To the writer"), rows,
                (20, 14, 36, 30))  # fmt: skip


def _targets(writing: Writing, rubric: Rubric, audit: PepAudit) -> Part:
    rows = [
        (target.text, rubric.grade(said["grade"]).label, said["note"] or "–")
        for target in writing.known.targets
        if (said := audit.target_grades.get(target.key))
    ]
    return Part("Target by target", ("Target", "Grade", "Note"), rows, (50, 20, 30))


def _changed(rubric: Rubric, audit: PepAudit) -> Part:
    return Part("Changed against the record", text=changed_words(rubric, audit))


def changed_words(rubric: Rubric, audit: PepAudit) -> list[str]:
    """The ticks that the auditor made or took away against the record, each with the reason."""
    words = {tick.key: tick.words for each in rubric.criteria for tick in each.ticks}
    made = set(audit.ticks)
    return [
        f"{words.get(key, key)}: {'made' if key in made else 'taken away'}. {why}"
        for key, why in audit.changed_ticks.items()
    ]


def _made_known(audit: PepAudit) -> Part:
    return _rows("Who has the result", list(made_known(audit)))


def made_known(audit: PepAudit) -> list[tuple[str, str]]:
    """Before whom the result is, each with the day."""
    days = (
        ("Reviewing officer", audit.iro_sent_on),
        ("Designated teacher", audit.dt_sent_on),
        ("Social worker", audit.sw_sent_on),
    )
    return [(who, f"since {day(on)}" if on else "nobody in post on that day") for who, on in days]
