"""PEPs in the exchange files: what the columns of the format alone say, what is refused, and what was made here."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from onroll.access.actors import Actor
from onroll.children.tests.scene import together, write
from onroll.exchange import engine
from onroll.exchange.feeds.exchange.exporting import as_text
from onroll.exchange.feeds.exchange.tables.peps import OF_PEPS
from onroll.exchange.feeds.exchange.tables.table import Holdings
from onroll.exchange.reading import Upload
from onroll.measures.catalogue import CATALOGUE
from onroll.measures.cohorts import Cohort
from onroll.peps.models import MoneyRequest, Pep, PepAnswers, PepAudit, PepTarget
from onroll.peps.tests.scene import TODAY, a_cast, a_pep, a_target

pytestmark = pytest.mark.django_db

# With the columns of the format's first version alone.
PEPS = (
    "child_id,pep_id,kind,initial,academic_year,term,due_on,meeting_on,submitted_on,signed_off_on,grade,"
    "young_person_attended,voice_recorded,vs_attended,sent_to_iro_on\n"
)
AUDITS = "child_id,pep_id,audited_on,auditor,grade,pp_use_appropriate,copied_to,filed_on_case_record\n"
TARGETS = "child_id,pep_id,target_id,area,text,baseline,success,due_on,outcome,evidence,intervention\n"
REQUESTS = (
    "child_id,request_id,pep_id,target_id,academic_year,term,financial_year,grant,fund,category,requested_on,amount,"
    "decided_on,decision,approved_amount,paid_on,spent,impact,evidence,fed_back_on\n"
)
DONE = "{child},P1,school_age,no,2025-26,summer,2026-06-12,2026-06-02,2026-06-10,2026-06-18,good,yes,yes,no,\n"


@pytest.fixture
@together()
def cast():
    return a_cast()


@pytest.fixture
def actor(cast):
    return Actor.command_line(cast.authority.pk, today=TODAY, user="test")


@pytest.fixture
def number(cast):
    return Holdings.of(Actor.command_line(cast.authority.pk, today=TODAY, user="test")).numbers[cast.child.pk]


def preview(actor, **files):
    uploads = [Upload(f"{name}.csv", text.encode()) for name, text in files.items()]
    return engine.preview(engine.FEEDS["exchange"], uploads, actor=actor)


def load(actor, **files):
    import_ = preview(actor, **files)
    assert not engine.why_not_apply(import_, actor=actor), [problem.wrong for problem in import_.problems.all()]
    return engine.apply(import_, actor=actor)


def written(actor):
    holdings = Holdings.of(actor)
    return {table.name: as_text(table, holdings) for table in OF_PEPS}


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (",,", "due"),
        ("2026-10-20,,", "booked"),
        ("2026-10-06,,", "held"),
        ("2026-10-02,2026-10-05,", "submitted"),
        (",2026-10-05,", "submitted"),
        ("2026-10-02,2026-10-05,2026-10-06", "signed_off"),
    ],
)
def test_a_plan_whose_state_is_not_said_stands_where_its_days_put_it(actor, number, days, state):
    load(actor, peps=PEPS + f"{number},P1,school_age,no,2026-27,autumn,2026-11-20,{days},,,,,\n")

    pep = Pep.unscoped.get()
    assert (pep.state, pep.kind, pep.form, pep.source) == (state, "termly", "school_age", "exchange")
    assert pep.held_on == (pep.meeting_on if state in ("held", "submitted", "signed_off") else None)


def test_what_was_said_of_a_plan_here_stays_when_older_files_are_loaded_again(actor, number):
    load(actor, peps=PEPS + DONE.format(child=number))
    pep = Pep.unscoped.get()
    pep.state, pep.why, pep.outside_lessons, pep.edition = "held", "Amended: the school was wrong", False, 2
    write(pep)

    again = preview(actor, peps=PEPS + DONE.format(child=number))

    assert again.would_change == 0


def test_a_plan_that_went_on_elsewhere_goes_on_here(actor, number):
    load(actor, peps=PEPS + f"{number},P1,post16,yes,2026-27,autumn,2026-11-20,2026-10-02,,,,,,,\n")
    assert (Pep.unscoped.get().kind, Pep.unscoped.get().form, Pep.unscoped.get().state) == (
        "initial",
        "post_16",
        "held",
    )

    load(actor, peps=PEPS + f"{number},P1,post16,yes,2026-27,autumn,2026-11-20,2026-10-02,2026-10-05,,,,,,\n")

    assert Pep.unscoped.get().state == "submitted"


PEP_COLUMNS = PEPS.rstrip() + ",plan_kind,form,state,started_on,support_required,exempt_reason\n"
START = "{n},P9,school_age,no,2026-27,autumn,2026-11-20,,,,,,,,,"


@pytest.mark.parametrize(
    ("file", "text", "wrong"),
    [
        ("peps", PEP_COLUMNS + START + "termly,school_age,done,,,\n", "state “done” is not one of due, booked"),
        ("peps", PEP_COLUMNS + START + "termly,post_16,,,,\n", "form is post_16, which is no form of the kind school_"),
        (
            "peps",
            PEP_COLUMNS + START + "termly,,signed_off,,,\n",
            "signed_off_on is empty, and the state is signed_off",
        ),
        ("peps", PEP_COLUMNS + START + "termly,,due,,,left_care\n", "exempt_reason is given, and the state is due"),
        ("peps", PEP_COLUMNS + START + "initial,,,,,\n", "plan_kind is initial, which is not what initial says"),
        ("peps", PEPS + "{n},P9,school_age,no,2026-28,autumn,,,,,,,,,\n", "“2026-28” is not a year like 2025-26"),
        ("peps", PEPS + "{n},P9,school_age,no,2026-27,winter,,,,,,,,,\n", "term “winter” is not one of autumn"),
        ("peps", PEPS + "X1,P9,school_age,no,2026-27,autumn,,,,,,,,,\n", "child_id X1 is in no row"),
        ("peps", PEPS + "{n},P9,school_age,no,2025-26,summer,,,,,,,,,\n", "and P1 is the termly plan of that term"),
        ("pep_targets", TARGETS + "{n},P7,T1,english,Read,,,,,,\n", "pep_id P7 is in no row of peps.csv about this"),
        ("pep_targets", TARGETS + "{n},P1,T1,reading,Read,,,,,,\n", "area “reading” is not one of english"),
        ("pep_audits", AUDITS + "{n},P1,,Sam,good,,,\n", "audited_on is empty, and there is a grade"),
        ("pep_audits", AUDITS + "{n},P1,2026-07-01,Sam,good,,iro;mum,\n", "“mum” is not one of iro, dt, sw"),
        ("pp_requests", REQUESTS + "{n},R1,P1,T8,,,,,,,2026-07-01,9,,,,,,,,\n", "target_id T8 is in no row"),
        ("pp_requests", REQUESTS + "{n},R1,P1,,,,,,,,2026-07-01,0,,,,,,,,\n", "amount is 0: a request asks for money"),
        ("pp_requests", REQUESTS + "{n},R1,P1,,,,,,,,2026-07-01,£9,,,,,,,,\n", "is not an amount in pounds"),
        (
            "pep_answers",
            "child_id,pep_id,section_key,part,answers\n{n},P1,voice,h,[1]\n",
            "answers is not JSON of the kind",
        ),
        (
            "pep_signatures",
            "child_id,pep_id,signed_as,on,by\n{n},P1,lead,2026-07-01,no.one@example.org\n",
            "by no.one@example.org is in no row of people.csv",
        ),
    ],
)
def test_a_wrong_row_is_refused_in_words_and_nothing_is_applied(actor, number, file, text, wrong):
    load(actor, peps=PEPS + DONE.format(child=number))

    import_ = preview(actor, **{file: text.replace("{n}", number)})

    problem = import_.problems.get(grade="stops")
    assert wrong in problem.wrong
    assert (problem.file, problem.line) == (f"{file}.csv", 2)
    with pytest.raises(engine.Refused):
        engine.apply(import_, actor=actor)


def test_audits_targets_and_requests_come_in_with_the_columns_of_the_format_alone(actor, number):
    files = {
        "peps": PEPS + DONE.format(child=number),
        "pep_targets": TARGETS + f"{number},P1,T1,english,Read on,,,2026-07-01,not_met,,phonics_catch_up\n",
        "pep_audits": AUDITS
        + f"{number},P1,2026-07-01,Sam,good,yes,iro;dt;sw,yes\n{number},P1,2026-07-01,Sam,good,yes,iro,no\n",
        "pp_requests": REQUESTS
        + f"{number},R1,P1,T1,2025-26,summer,2026-27,ppplus,school,a tutor,2026-06-02,450,,,,,,,,\n"
        + f"{number},R2,,,,,,,,,2026-06-02,9.50,,,,,,,,\n",
    }

    load(actor, **files)

    target, audits, request = PepTarget.unscoped.get(), PepAudit.unscoped.all(), MoneyRequest.unscoped.get(number="R1")
    assert (target.kind, target.place, request.target_id, request.amount) == ("in_term", 1, target.pk, Decimal(450))
    assert [audit.copied_to for audit in audits] == ["iro;dt;sw", "iro"]
    assert preview(actor, **files).would_change == 0


def test_figures_of_plans_that_came_in_are_counted_by_the_columns_of_the_format(actor, number):
    load(
        actor,
        peps=PEPS + DONE.format(child=number),
        pep_audits=AUDITS
        + f"{number},P1,2026-07-01,Sam,good,yes,iro;dt;sw,yes\n{number},P1,2026-07-02,Sam,good,,iro,\n",
    )
    cohort = Cohort.for_actor(actor, as_at=date(2026, 7, 31))

    def counted(key, start):
        rows = list(CATALOGUE.find(key).rows(cohort.over(replace(cohort.period, start=start))))
        return sum(row.part for row in rows), len(rows)

    assert counted("W18", date(2026, 7, 1)) == (1, 2)
    assert counted("M65", date(2026, 4, 13)) == (1, 1)
    assert counted("M11", date(2026, 7, 1)) == (1, 1)
    assert counted("W58", date(2026, 4, 13)) == (0, 1)


def all_made_here(cast):
    """A plan with its targets, answers, audit and request, as people made them."""
    account, keys = cast.accounts["adviser"], {"authority_id": cast.authority.pk, "child": cast.child}
    pep = a_pep(
        cast.child, state="signed_off", meeting_on=date(2026, 9, 10), held_on=date(2026, 9, 10), school=cast.school,
        submitted_on=date(2026, 9, 12), signed_off_on=date(2026, 9, 20), support_by=account, outside_lessons=False,
    )  # fmt: skip
    target = a_target(pep, set_aside={"T03": "Agreed"}, ambitious=True)
    answers = PepAnswers(**keys, pep=pep, section_key="voice", part="h", version=2, saved_by=account,
                         saved_at=datetime(2026, 9, 1, 9, 30, 1, 5, tzinfo=UTC))  # fmt: skip
    answers.answers = {"liked": "Art, “a lot”\nand music"}
    write(answers)
    write(PepAudit(**keys, pep=pep, audited_on=date(2026, 9, 25), grade="good", auditor=account, ticks=["a"],
                   grades={"voice": "good"}, iro_sent_on=date(2026, 9, 26), sw_sent_on=date(2026, 9, 26)))  # fmt: skip
    write(MoneyRequest(**keys, pep=pep, target=target, requested_on=date(2026, 9, 10), amount=Decimal("12.50")))


def test_what_was_made_here_goes_out_and_in_elsewhere_and_out_the_same(cast, actor):
    all_made_here(cast)
    out = written(actor)
    assert preview(actor, **out).would_change == 0
    here = Holdings.of(actor)
    for model in (MoneyRequest, PepAudit, PepAnswers, PepTarget, Pep):
        remove(model, actor)
    assert "Art" not in str(written(actor))

    import_ = load(actor, **out)

    assert written(actor) == out
    assert "iro;sw" in out["pep_audits"]
    assert PepAnswers.unscoped.get().answers == {"liked": "Art, “a lot”\nand music"}
    assert here.numbers
    engine.undo(import_, actor=actor)
    assert not Pep.unscoped.exists()


def remove(model, actor):
    from onroll.history.changes import change

    with change("test.set_up", actor=actor) as this:
        this.delete(model.unscoped.all())


def test_answers_are_stored_as_ciphertext_and_read_in_queries_that_do_not_grow(
    cast, actor, number, django_assert_max_num_queries
):
    rows = "".join(f"{number},E{n},school_age,no,2025-26,summer,,,,,,,,,,event\n" for n in range(30))
    load(
        actor,
        peps=PEPS.rstrip() + ",plan_kind\n" + rows,
        pep_answers="child_id,pep_id,section_key,part,answers\n"
        + "".join(f'{number},E{n},voice,h,"{{""liked"": ""Painting""}}"\n' for n in range(30)),
    )

    assert "Painting" not in str(list(PepAnswers.unscoped.values_list("words", flat=True)))
    with django_assert_max_num_queries(20):
        assert written(actor)["pep_answers"].count("Painting") == 30
