"""Measures of the catalogue, each as one query by hand for SQLite and PostgreSQL: the yardstick of M1.

A query gives the part, and the whole where the measure has one. It is written down here to be measured against and for
nothing else: what a figure is stands in its definition, and a test holds the two equal. A measure without a query is
timed on neither side.
"""

from datetime import date, timedelta
from typing import Any

from django.db import connection

from onroll.children.queries import a_year_before
from onroll.codes.year_groups import LAST_YEAR, SchoolYear, born_between
from onroll.codes.years import Period
from onroll.measures import periods
from onroll.measures.cohorts import Cohort
from onroll.measures.definitions.early_years_provider import FROM_AGE
from onroll.measures.measure import Measure
from onroll.measures.periods import PeriodKind

RECEPTION, YEAR_11 = SchoolYear(0), SchoolYear(11)


def count(measure: Measure, known: dict[str, Any]) -> tuple[int, int | None]:
    """The part and the whole of a measure, from one query. `known` is what `parameters` says of its period."""
    with connection.cursor() as cursor:
        cursor.execute(QUERIES[measure.id].replace("SCHOOL_DAYS", known["school_days"]), known)
        part, whole = (*cursor.fetchone(), None)[:2]
    return part, whole


def parameters(cohort: Cohort) -> dict[str, Any]:
    """What the queries are told: the authority, the days of the period, and what the calendar says of them.

    The period ends with the reference date and lies in one academic year.
    """
    period, day = cohort.period, cohort.as_at
    year = periods.containing(PeriodKind.ACADEMIC_YEAR, day, cohort.calendar)
    this_term = periods.up_to(PeriodKind.TERM, day, cohort.calendar)
    term_of_entitlement = max(start for start in _national_terms(day) if start <= day)
    day_and_next = [(each, cohort.next_school_day(each)) for each in _days(period)]
    known = [each for each in day_and_next if each[1] is not None]
    return {
        **{f"day_{n}": each for n, (each, _) in enumerate(known)},
        **{f"next_{n}": following for n, (_, following) in enumerate(known)},
        # The first row is of no day. It is there so that there is always one.
        "school_days": ", ".join(
            ["(CAST(NULL AS date), CAST(NULL AS date))", *(f"(%(day_{n})s, %(next_{n})s)" for n in range(len(known)))]
        ),
        "authority": cohort.actor.authority,
        "la_code": cohort.facts.authority_code,
        "day": day,
        "first": period.start,
        "first_of_year": a_year_before(day) + timedelta(days=1),
        "first_of_month": day.replace(day=1),
        "since_last_term": periods.before(PeriodKind.TERM, this_term, cohort.calendar).start,
        "school_year": year.start,
        "next_school_year": year.end,
        "ever": date.min,
        "oldest": born_between(SchoolYear(LAST_YEAR), on=day)[0],
        "oldest_at_school": born_between(YEAR_11, on=day)[0],
        "youngest_at_school": born_between(RECEPTION, on=day)[1],
        # Whoever turned three before the term began has had a right to a place since.
        "entitled": term_of_entitlement.replace(year=term_of_entitlement.year - FROM_AGE),
    }


def _days(period: Period) -> list[date]:
    return [period.start + timedelta(days=n) for n in range((period.end - period.start).days)]


def _national_terms(day: date) -> list[date]:
    return [date(year, *first) for year in (day.year - 1, day.year) for first in periods.NATIONAL.values()]


# What the two databases say in different words.


def day_after(day: str) -> str:
    return f"date({day}, '+1 day')" if connection.vendor == "sqlite" else f"({day} + 1)"


def days_between(start: str, end: str) -> str:
    if connection.vendor == "sqlite":
        return f"CAST(julianday({end}) - julianday({start}) AS integer)"
    return f"({end} - {start})"


# What several queries need, each a table expression.

HOLDS = '{0}.start <= %(day)s AND ({0}."end" IS NULL OR {0}."end" > %(day)s)'

ON_ROLL = f"""
    on_roll AS (
        SELECT child.id, child.birth_date
        FROM children_child AS child
        WHERE child.authority_id = %(authority)s AND child.held_as = 'own' AND child.merged_into_id IS NULL
            AND child.birth_date >= %(oldest)s
            AND EXISTS (
                SELECT 1 FROM children_careepisode AS episode
                WHERE episode.child_id = child.id AND {HOLDS.format("episode")}
                    AND episode.legal_status NOT IN ('V3', 'V4')
            )
    )"""

# Where each child lives: the latest episode, where a return sent several.
EPISODE_NOW = f"""
    episode_now AS (
        SELECT child_id, area FROM (
            SELECT episode.child_id, COALESCE(placement.area, 'not_known') AS area,
                ROW_NUMBER() OVER (PARTITION BY episode.child_id ORDER BY episode.start DESC, episode.id DESC) AS newest
            FROM children_careepisode AS episode
            LEFT JOIN children_episodeplacement AS placement ON placement.episode_id = episode.id
            WHERE episode.authority_id = %(authority)s AND {HOLDS.format("episode")}
                AND episode.legal_status NOT IN ('V3', 'V4')
        ) AS held
        WHERE newest = 1
    )"""

MAIN_PLACE = f"""
    main_place AS (
        SELECT place.child_id, place.school_id, place.why_this_school, school.phase, school.la_code
        FROM children_schoolplace AS place
        JOIN schools_school AS school ON school.id = place.school_id
        WHERE place.authority_id = %(authority)s AND place.kind = 'main' AND {HOLDS.format("place")}
    )"""

# The judgement in force of each school that a child goes to.
GRADE = """
    grade AS (
        SELECT school_id, overall FROM (
            SELECT inspection.school_id, inspection.overall,
                ROW_NUMBER() OVER (
                    PARTITION BY inspection.school_id ORDER BY inspection.inspected_on DESC, inspection.id DESC
                ) AS newest
            FROM schools_inspection AS inspection
            WHERE inspection.overall IS NOT NULL AND inspection.inspected_on <= %(day)s
                AND inspection.school_id IN (SELECT school_id FROM main_place)
        ) AS given
        WHERE newest = 1
    )"""


def stay(of: str) -> str:
    """Each stay of these children, temporary ones and short breaks apart, and whether another home begins with it."""
    return f"""
    one_after_another AS (
        SELECT episode.child_id, episode.id, episode.start, episode."end", episode.reason_new,
            COALESCE(placement.placement_type, '') AS kind,
            LAG(episode.id) OVER in_order AS before,
            LAG(episode."end") OVER in_order AS before_end,
            LAG(COALESCE(placement.placement_type, '')) OVER in_order AS before_kind
        FROM children_careepisode AS episode
        LEFT JOIN children_episodeplacement AS placement ON placement.episode_id = episode.id
        WHERE episode.child_id IN ({of}) AND episode.start <= %(day)s
            AND episode.legal_status NOT IN ('V3', 'V4')
            AND COALESCE(placement.placement_type, '') NOT IN ('T0', 'T1', 'T2', 'T3', 'T4')
        WINDOW in_order AS (PARTITION BY episode.child_id ORDER BY episode.start, episode.id)
    ),
    stay AS (
        SELECT one_after_another.*,
            CASE
                WHEN before IS NULL THEN 1
                -- Back from a temporary stay.
                WHEN reason_new = 'P' AND before_end < start AND kind = before_kind THEN 0
                -- Adopted by those with whom the child lives.
                WHEN kind IN ('A3', 'A5') THEN 0
                WHEN reason_new IN ('S', 'P', 'T', 'B', 'U') THEN 1
                WHEN reason_new = 'L' THEN 0
                WHEN before_end < start THEN 1
                ELSE 0
            END AS begins_home
        FROM one_after_another
    )"""


def move(of: str) -> str:
    """The first day in each home that followed another in the same time in care."""
    return f"""
    {stay(of)},
    move AS (
        SELECT child_id, start FROM stay WHERE begins_home = 1 AND before IS NOT NULL AND reason_new <> 'S'
    )"""


THOSE_ON_ROLL = "SELECT id FROM on_roll"
# The homes that a child had in the twelve months: each is counted at its last stay.
HOMES = f"""
    {stay(THOSE_ON_ROLL)},
    stay_and_next AS (
        SELECT child_id, "end", LEAD(begins_home, 1, 1) OVER (PARTITION BY child_id ORDER BY start, id) AS was_last
        FROM stay
    ),
    homes AS (
        SELECT child_id, COUNT(*) AS homes FROM stay_and_next
        WHERE was_last = 1 AND ("end" IS NULL OR "end" > %(first_of_year)s)
        GROUP BY child_id
    )"""

# Who was looked after on every day of the twelve months: a time in care begins with reason S, or after a gap.
A_YEAR_IN_CARE = """
    episode AS (
        SELECT episode.child_id, episode.id, episode.start, COALESCE(episode."end", '9999-12-31') AS until,
            episode.reason_new,
            SUM(CASE WHEN episode.reason_new = 'S' THEN 1 ELSE 0 END) OVER (
                PARTITION BY episode.child_id ORDER BY episode.start, episode.id
            ) AS started
        FROM children_careepisode AS episode
        WHERE episode.child_id IN (SELECT id FROM on_roll) AND episode.start <= %(day)s
            AND episode.legal_status NOT IN ('V3', 'V4')
    ),
    episode_and_gap AS (
        SELECT episode.*,
            MAX(until) OVER (
                PARTITION BY child_id, started ORDER BY start, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS covered_until
        FROM episode
    ),
    episode_of_period AS (
        SELECT child_id, start, until,
            SUM(CASE WHEN covered_until IS NULL OR start > covered_until THEN 1 ELSE 0 END) OVER (
                PARTITION BY child_id ORDER BY start, id
            ) AS period
        FROM episode_and_gap
    ),
    a_year_in_care AS (
        SELECT DISTINCT child_id FROM episode_of_period
        GROUP BY child_id, period
        HAVING MIN(start) <= %(first_of_year)s AND MAX(until) > %(day)s
    )"""


def school_change(since: str) -> str:
    """The ends of main places from this day on that were neither a normal transfer nor a passing to a successor."""
    return f"""
    school_change AS (
        SELECT place.child_id FROM children_schoolplace AS place
        WHERE place.authority_id = %(authority)s AND place.kind = 'main' AND place.leaving_reason <> 'normal_transfer'
            AND place."end" >= %({since})s AND place."end" <= %(day)s
            AND NOT EXISTS (
                SELECT 1 FROM children_schoolplace AS successor
                WHERE successor.child_id = place.child_id AND successor.kind = 'main' AND successor.follows_closure
                    AND successor.start = place."end"
            )
    )"""


# Each move of a school-age child in the period that has a school day after it, and the first of those.
MOVE_IN_PERIOD = f"""
    {move("SELECT child_id FROM children_careepisode WHERE authority_id = %(authority)s AND start >= %(first)s")},
    school_day (day, next_day) AS (VALUES SCHOOL_DAYS),
    move_in_period AS (
        SELECT move.child_id, school_day.next_day
        FROM move
        JOIN school_day ON school_day.day = move.start
        JOIN children_child AS child ON child.id = move.child_id
        WHERE child.held_as = 'own' AND child.merged_into_id IS NULL
            AND child.birth_date BETWEEN %(oldest_at_school)s AND %(youngest_at_school)s
    )"""
NO_PLACE_NEXT_DAY = """
    NOT EXISTS (
        SELECT 1 FROM children_schoolplace AS place
        WHERE place.child_id = move_in_period.child_id AND place.kind IN ('main', 'subsidiary', 'ap')
            AND place.start <= next_day AND (place."end" IS NULL OR place."end" > next_day)
    )"""

AT_A_SCHOOL = f"""
    {ON_ROLL},
    {MAIN_PLACE},
    {GRADE},
    at_a_school AS (
        SELECT main_place.la_code, grade.overall
        FROM on_roll
        JOIN main_place ON main_place.child_id = on_roll.id
        LEFT JOIN grade ON grade.school_id = main_place.school_id
        WHERE on_roll.birth_date BETWEEN %(oldest_at_school)s AND %(youngest_at_school)s
            AND main_place.phase IN ('primary', 'secondary', 'all_through', 'special', 'pru')
    )"""

BELOW_GOOD = f"""
    {ON_ROLL},
    {MAIN_PLACE},
    {GRADE},
    below_good AS (
        SELECT main_place.why_this_school
        FROM on_roll
        JOIN main_place ON main_place.child_id = on_roll.id
        JOIN grade ON grade.school_id = main_place.school_id
        WHERE grade.overall > 2
    )"""

# Who was looked after for the twelve months: 1 if the home stayed, 1 if the school did.
STABLE = f"""
    {ON_ROLL},
    {move(THOSE_ON_ROLL)},
    {A_YEAR_IN_CARE},
    {school_change("first_of_year")},
    stable AS (
        SELECT
            on_roll.id NOT IN (SELECT child_id FROM move WHERE start >= %(first_of_year)s) AS home,
            on_roll.id NOT IN (SELECT child_id FROM school_change) AS school
        FROM on_roll
        WHERE on_roll.id IN (SELECT child_id FROM a_year_in_care)
    )"""

# The needs of each child of which the school should be told, each kind since the newest of its facts.
NEED = f"""
    fact AS (
        SELECT child_id, 'sen' AS kind, start AS since FROM children_senprovision AS sen
        WHERE sen.authority_id = %(authority)s AND sen.value <> 'N' AND {HOLDS.format("sen")}
        UNION ALL
        SELECT child_id, 'sen', start FROM children_ehcplan AS plan
        WHERE plan.authority_id = %(authority)s AND {HOLDS.format("plan")}
        UNION ALL
        SELECT child_id, 'disability', start FROM children_characteristicspell AS spell
        WHERE spell.authority_id = %(authority)s AND spell.kind = 'disability' AND spell.value <> 'no'
            AND {HOLDS.format("spell")}
        UNION ALL
        SELECT child_id, 'disability', %(ever)s FROM children_characteristics AS held
        WHERE held.authority_id = %(authority)s AND held.disability
        UNION ALL
        SELECT child_id, 'health', start FROM (
            SELECT score.child_id, score.start, score.score,
                ROW_NUMBER() OVER (PARTITION BY score.child_id ORDER BY score.start DESC, score.id DESC) AS newest
            FROM children_sdqscore AS score
            WHERE score.authority_id = %(authority)s AND score.score IS NOT NULL AND {HOLDS.format("score")}
        ) AS scored
        WHERE newest = 1 AND score >= 17
    ),
    need AS (SELECT child_id, kind, MAX(since) AS since FROM fact GROUP BY child_id, kind)"""

TOLD = f"""
    {ON_ROLL},
    {NEED},
    enrolment AS (
        SELECT child_id, school_id, start FROM (
            SELECT place.child_id, place.school_id, place.start,
                ROW_NUMBER() OVER (
                    PARTITION BY place.child_id
                    ORDER BY CASE place.kind WHEN 'main' THEN 0 WHEN 'subsidiary' THEN 1 ELSE 2 END,
                        place.start, place.id
                ) AS nearest
            FROM children_schoolplace AS place
            WHERE place.authority_id = %(authority)s AND place.kind IN ('main', 'subsidiary', 'ap')
                AND {HOLDS.format("place")}
        ) AS held
        WHERE nearest = 1
    ),
    told AS (
        SELECT need.child_id,
            EXISTS (
                SELECT 1 FROM children_settingtold AS told
                WHERE told.child_id = need.child_id AND told.school_id = enrolment.school_id
                    AND told.told_on BETWEEN enrolment.start AND %(day)s AND told.told_on >= need.since
                    AND ',' || told.about || ',' LIKE '%%,' || need.kind || ',%%'
            ) AS told
        FROM on_roll
        JOIN enrolment ON enrolment.child_id = on_roll.id
        JOIN need ON need.child_id = on_roll.id
    )"""

# Of each child on the roll, whether each characteristic on the list is recorded. The date of birth always is.
RECORDED = f"""
    {ON_ROLL},
    recorded AS (
        SELECT
            COALESCE(
                (
                    SELECT CASE WHEN school.la_code = '' THEN 'not_known' ELSE 'known' END
                    FROM children_schoolplace AS place
                    JOIN schools_school AS school ON school.id = place.school_id
                    WHERE place.child_id = on_roll.id AND place.kind = 'main' AND {HOLDS.format("place")}
                ),
                (
                    SELECT placement.area FROM children_careepisode AS episode
                    LEFT JOIN children_episodeplacement AS placement ON placement.episode_id = episode.id
                    WHERE episode.child_id = on_roll.id AND {HOLDS.format("episode")}
                        AND episode.legal_status NOT IN ('V3', 'V4')
                    ORDER BY episode.start DESC, episode.id DESC LIMIT 1
                ),
                'not_known'
            ) <> 'not_known' AS area,
            COALESCE(held.sex, '') <> '' AS sex,
            COALESCE(held.ethnicity, '') <> '' AS ethnicity,
            COALESCE(held.religion, '') <> '' AS religion,
            held.disability IS NOT NULL OR EXISTS (
                SELECT 1 FROM children_characteristicspell AS spell
                WHERE spell.child_id = on_roll.id AND spell.kind = 'disability' AND {HOLDS.format("spell")}
            ) AS disability,
            EXISTS (
                SELECT 1 FROM children_senprovision AS sen WHERE sen.child_id = on_roll.id AND {HOLDS.format("sen")}
            ) AS sen
        FROM on_roll
        LEFT JOIN children_characteristics AS held ON held.child_id = on_roll.id
    )"""

# Each action of the plans on which people work: those that have begun, and that no other follows that has.
AT_WORK = """
    begun AS (
        SELECT plan.id, plan.number, plan.follows, plan.start, plan."end" FROM plans_plan AS plan
        WHERE plan.authority_id = %(authority)s AND (plan.start IS NULL OR plan.start <= %(day)s)
    ),
    at_work AS (
        SELECT action_id, plan_end FROM (
            SELECT line.action_id, begun."end" AS plan_end,
                ROW_NUMBER() OVER (PARTITION BY line.action_id ORDER BY begun.start DESC, begun.id DESC) AS newest
            FROM plans_line AS line
            JOIN begun ON begun.id = line.plan_id
            WHERE begun.number NOT IN (SELECT follows FROM begun)
        ) AS line_of_plan
        WHERE newest = 1
    )"""


def answered_by(measure: str, answers: str) -> str:
    """The actions for which a measure is chosen, by its own id or by that of the plans."""
    return f"""
    answered AS (
        SELECT DISTINCT chosen.action_id FROM plans_boundmeasure AS chosen
        WHERE chosen.authority_id = %(authority)s AND chosen.measure IN ('{measure}', '{answers}')
    )"""


OF_THE_GROUP = answered_by("plan-agreed-by-a-working-group", "W21")


def all_of(what: str) -> str:
    """1 if there are rows and this holds of each of them, and else 0."""
    return f"CASE WHEN COUNT(*) > 0 AND COUNT(*) = COUNT(*) FILTER (WHERE {what}) THEN 1 ELSE 0 END"


QUERIES = {
    "children-on-roll": f"WITH {ON_ROLL} SELECT COUNT(*) FROM on_roll",
    "living-out-of-authority": f"""
        WITH {ON_ROLL}, {EPISODE_NOW}
        SELECT COUNT(*) FILTER (WHERE episode_now.area = 'out'), COUNT(*)
        FROM on_roll JOIN episode_now ON episode_now.child_id = on_roll.id""",
    "learning-out-of-authority": f"""
        WITH {ON_ROLL}, {MAIN_PLACE}
        SELECT COUNT(*) FILTER (WHERE main_place.la_code NOT IN ('', %(la_code)s)), COUNT(*)
        FROM on_roll JOIN main_place ON main_place.child_id = on_roll.id""",
    "three-or-more-homes": f"""
        WITH {ON_ROLL}, {HOMES}
        SELECT COUNT(*) FILTER (WHERE id IN (SELECT child_id FROM homes WHERE homes >= 3)), COUNT(*) FROM on_roll""",
    "same-home-all-year": f"""
        WITH {ON_ROLL}, {move(THOSE_ON_ROLL)}
        SELECT COUNT(*) FILTER (WHERE id NOT IN (SELECT child_id FROM move WHERE start >= %(first_of_year)s)), COUNT(*)
        FROM on_roll""",
    "stable-home": f"WITH {STABLE} SELECT COUNT(*) FILTER (WHERE home), COUNT(*) FROM stable",
    "stable-education": f"WITH {STABLE} SELECT COUNT(*) FILTER (WHERE school), COUNT(*) FROM stable",
    "stable-home-and-education": f"WITH {STABLE} SELECT COUNT(*) FILTER (WHERE home AND school), COUNT(*) FROM stable",
    "school-changes": f"""
        WITH {school_change("first")},
        of_school_age AS (
            SELECT DISTINCT child.id
            FROM children_child AS child
            JOIN children_careepisode AS episode ON episode.child_id = child.id
            WHERE child.authority_id = %(authority)s AND child.held_as = 'own' AND child.merged_into_id IS NULL
                AND child.birth_date BETWEEN %(oldest_at_school)s AND %(youngest_at_school)s
                AND episode.legal_status NOT IN ('V3', 'V4') AND episode.start <= %(day)s
                AND (episode."end" IS NULL OR (episode."end" > %(first)s AND episode."end" > episode.start))
        )
        SELECT COUNT(*) FILTER (WHERE id IN (SELECT child_id FROM school_change)), COUNT(*) FROM of_school_age""",
    "moves-without-a-school": f"""
        WITH {MOVE_IN_PERIOD} SELECT COUNT(*) FILTER (WHERE {NO_PLACE_NEXT_DAY}) FROM move_in_period""",
    "share-of-moves-without-a-school": f"""
        WITH {MOVE_IN_PERIOD} SELECT COUNT(*) FILTER (WHERE {NO_PLACE_NEXT_DAY}), COUNT(*) FROM move_in_period""",
    "good-schools": f"""
        WITH {AT_A_SCHOOL}
        SELECT COUNT(*) FILTER (WHERE overall <= 2), COUNT(*) FROM at_a_school WHERE la_code = %(la_code)s""",
    "good-schools-everywhere": f"""
        WITH {AT_A_SCHOOL} SELECT COUNT(*) FILTER (WHERE overall <= 2), COUNT(*) FROM at_a_school""",
    "less-than-good-without-reason": f"""
        WITH {BELOW_GOOD} SELECT COUNT(*) FROM below_good WHERE TRIM(why_this_school) = ''""",
    "share-without-reason": f"""
        WITH {BELOW_GOOD} SELECT COUNT(*) FILTER (WHERE TRIM(why_this_school) = ''), COUNT(*) FROM below_good""",
    "children-per-school": f"""
        WITH {ON_ROLL}, {MAIN_PLACE}
        SELECT COUNT(*) FROM on_roll JOIN main_place ON main_place.child_id = on_roll.id""",
    "settings-told": f"""
        WITH {TOLD}, of_child AS (
            SELECT child_id, COUNT(*) AS needs, COUNT(*) FILTER (WHERE told) AS told FROM told GROUP BY child_id
        )
        SELECT COUNT(*) FILTER (WHERE told = needs), COUNT(*) FROM of_child""",
    "settings-told-by-need": f"WITH {TOLD} SELECT COUNT(*) FILTER (WHERE told), COUNT(*) FROM told",
    "cohort-characteristics": f"""
        WITH {RECORDED}
        SELECT COUNT(*) FILTER (WHERE area AND sex AND ethnicity AND religion AND disability AND sen), COUNT(*)
        FROM recorded""",
    "each-cohort-characteristic": f"""
        WITH {RECORDED}
        SELECT COUNT(*) + COUNT(*) FILTER (WHERE area) + COUNT(*) FILTER (WHERE sex)
            + COUNT(*) FILTER (WHERE ethnicity) + COUNT(*) FILTER (WHERE religion)
            + COUNT(*) FILTER (WHERE disability) + COUNT(*) FILTER (WHERE sen), 7 * COUNT(*)
        FROM recorded""",
    "early-years-provider": f"""
        WITH {ON_ROLL}, place_now AS (
            SELECT place.child_id, place.kind FROM children_schoolplace AS place
            WHERE place.authority_id = %(authority)s AND {HOLDS.format("place")}
        )
        SELECT COUNT(*) FILTER (WHERE id IN (SELECT child_id FROM place_now WHERE kind <> 'awaiting')), COUNT(*)
        FROM on_roll
        WHERE birth_date > %(youngest_at_school)s
            AND (birth_date < %(entitled)s OR id IN (SELECT child_id FROM place_now))""",
    "roll-up-to-date": f"""
        WITH {ON_ROLL}
        SELECT COUNT(*) FILTER (WHERE EXISTS (
            SELECT 1 FROM children_schoolplace AS place
            WHERE place.child_id = on_roll.id AND {HOLDS.format("place")}
                AND place.confirmed_on BETWEEN %(since_last_term)s AND %(day)s
        )), COUNT(*)
        FROM on_roll""",
    "actions-by-rating": f"WITH {AT_WORK} SELECT COUNT(*) FROM at_work",
    "actions-past-their-end": f"""
        WITH {AT_WORK}
        SELECT COUNT(*)
        FROM at_work
        JOIN plans_action AS action ON action.id = at_work.action_id
        WHERE action.due_on < %(first_of_month)s
            AND NOT (action.rhythm <> '' AND plan_end IS NOT NULL AND {day_after("action.due_on")} = plan_end)
            AND 'Completed' <> COALESCE(
                (
                    SELECT given.rating FROM plans_rating AS given
                    WHERE given.action_id = action.id AND given."on" <= %(day)s
                    ORDER BY given."on" DESC, given.id DESC LIMIT 1
                ),
                CASE WHEN EXISTS (SELECT 1 FROM plans_rating AS given WHERE given.action_id = action.id)
                    THEN action.rating_printed ELSE action.rating END
            )""",
    "contract-milestones-met": f"""
        WITH {answered_by("contract-milestones-met", "M80")}
        SELECT {all_of("achieved_on <= %(day)s AND achieved_on <= due_on")}
        FROM plans_milestone AS milestone
        WHERE milestone.action_id IN (SELECT action_id FROM answered) AND milestone.kind = 'contract'
            AND milestone.due_on IS NOT NULL AND (milestone.achieved_on <= %(day)s OR milestone.due_on < %(day)s)""",
    "plan-agreed-by-a-working-group": f"""
        WITH {OF_THE_GROUP}, action AS (
            SELECT
                EXISTS (
                    SELECT 1 FROM plans_meeting AS meeting
                    WHERE meeting.action_id = answered.action_id AND meeting.working_group
                        AND meeting.state = 'held' AND meeting."on" <= %(day)s
                ) AS met,
                EXISTS (
                    SELECT 1 FROM plans_action AS action JOIN plans_plan AS plan ON plan.id = action.led_to_id
                    WHERE action.id = answered.action_id AND plan.agreed_on <= %(day)s
                ) AS agreed
            FROM answered
        )
        SELECT {all_of("met AND agreed")} FROM action""",
    "meetings-of-the-working-group": f"""
        WITH {OF_THE_GROUP}
        SELECT COUNT(*) FROM plans_meeting AS meeting
        WHERE meeting.action_id IN (SELECT action_id FROM answered) AND meeting.working_group
            AND meeting."on" >= %(school_year)s AND meeting."on" < %(next_school_year)s""",
    "data-requests-waiting": f"""
        SELECT COALESCE(SUM({days_between("requested_on", "COALESCE(came, %(day)s)")}), 0), COUNT(*)
        FROM (
            SELECT asked.requested_on,
                CASE WHEN asked.supplied_on <= %(day)s THEN asked.supplied_on END AS came
            FROM plans_asked AS asked
            WHERE asked.authority_id = %(authority)s AND asked.requested_on <= %(day)s
        ) AS request""",
}
