"""The tables of the return, 2016-17 to 2026-27, and how a file is known to be one: by its columns, never its name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from onroll.authorities.sensitive_facts import ALL


@dataclass(frozen=True)
class Table:
    """One table: its columns in the order of the guide, those it can't do without, and those that no other has."""

    name: str
    columns: tuple[str, ...]
    needs: tuple[str, ...]
    only_here: frozenset[str]
    # What is made of it, in words, for the page that says how the file was read.
    words: str
    kept: bool = True


def _table(name: str, columns: str, *, needs: str, only_here: str, words: str, kept: bool = True) -> Table:
    return Table(name, tuple(columns.split()), tuple(needs.split()), frozenset(only_here.split()), words, kept)


HEADER = _table(
    "Header",
    "CHILD SEX DOB ETHNIC UPN MOTHER MC_DOB",
    needs="CHILD DOB",
    only_here="ETHNIC UPN MOTHER MC_DOB",
    words="one row for each child: number, sex, date of birth, ethnicity and UPN",
)
EPISODES = _table(
    "Episodes",
    "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE HOME_POST PL_POST URN",
    needs="CHILD DECOM RNE LS PLACE DEC",
    only_here="DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE HOME_POST PL_POST",
    words="one row for each care episode: legal status, placement, first and last day",
)
REVIEWS = _table(
    "Reviews",
    "CHILD DOB REVIEW REVIEW_CODE",
    needs="CHILD REVIEW",
    only_here="REVIEW REVIEW_CODE",
    words="statutory reviews: the day, and how the child took part",
)
UASC = _table(
    "UASC",
    "CHILD SEX DOB DUC",
    needs="CHILD DUC",
    only_here="DUC",
    words="unaccompanied asylum-seeking children, and until when",
)
OC2 = _table(
    "OC2",
    "CHILD DOB SDQ_SCORE SDQ_REASON CONVICTED HEALTH_CHECK IMMUNISATIONS TEETH_CHECK HEALTH_ASSESSMENT "
    "SUBSTANCE_MISUSE INTERVENTION_RECEIVED INTERVENTION_OFFERED",
    needs="CHILD SDQ_SCORE",
    only_here="SDQ_SCORE SDQ_REASON CONVICTED HEALTH_CHECK IMMUNISATIONS TEETH_CHECK HEALTH_ASSESSMENT",
    words="the SDQ score, or why there is none; the rest is read past unless the authority chose to keep it",
)
OC3 = _table(
    "OC3",
    "CHILD DOB IN_TOUCH ACTIV ACCOM",
    needs="CHILD IN_TOUCH ACTIV ACCOM",
    only_here="IN_TOUCH ACTIV ACCOM",
    words="care leavers: in touch, activity and accommodation",
)
PREVIOUS_PERMANENCE = _table(
    "PrevPerm",
    "CHILD DOB PREV_PERM LA_PERM DATE_PERM",
    needs="CHILD PREV_PERM",
    only_here="PREV_PERM LA_PERM DATE_PERM",
    words="an earlier adoption or order that ended",
)
MISSING = _table(
    "Missing",
    "CHILD DOB MISSING MIS_START MIS_END",
    needs="CHILD MIS_START",
    only_here="MISSING MIS_START MIS_END",
    words="times missing from care, or away without authorisation",
)
ADOPTION = _table(
    "AD1",
    "CHILD DOB DATE_INT DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR",
    needs="CHILD",
    only_here="DATE_INT DATE_MATCH NB_ADOPTR SEX_ADOPTR LS_ADOPTR",
    words="details of adopters: read past unless the authority chose to keep them",
)
PLACED_FOR_ADOPTION = _table(
    "PlacedAdoption",
    "CHILD DOB DATE_PLACED DATE_PLACED_CEASED REASON_PLACED_CEASED",
    needs="CHILD",
    only_here="DATE_PLACED DATE_PLACED_CEASED REASON_PLACED_CEASED",
    words="decisions on adoption: read past and not kept",
    kept=False,
)
SOCIAL_WORKERS = _table(
    "SWEpisodes",
    "CHILD DOB SW_ID SW_DECOM SW_DEC SW_REASON",
    needs="CHILD",
    only_here="SW_ID SW_DECOM SW_DEC SW_REASON",
    words="social workers by a number without a name: read past, the list of allocations brings them",
    kept=False,
)
DEPRIVATION_OF_LIBERTY = _table(
    "DoLo",
    "CHILD DOB DOLO_START DOLO_END",
    needs="CHILD",
    only_here="DOLO_START DOLO_END",
    words="deprivation of liberty orders: read past and not kept",
    kept=False,
)

# The order in which they are read: who the children are, then what is said of them.
TABLES = (
    HEADER,
    EPISODES,
    UASC,
    OC2,
    OC3,
    REVIEWS,
    MISSING,
    PREVIOUS_PERMANENCE,
    ADOPTION,
    PLACED_FOR_ADOPTION,
    SOCIAL_WORKERS,
    DEPRIVATION_OF_LIBERTY,
)
# A return has one of each of these. Of the others a folder may hold several.
ONE_OF_A_KIND = (HEADER, EPISODES)

# What other systems and the XML call the same column.
OTHER_NAMES = {
    "CHILDID": "CHILD",
    "CHILD_ID": "CHILD",
    "PL": "PLACE",
    "ETHNICITY": "ETHNIC",
    "PLACEMENT_PROVIDER": "PLACE_PROVIDER",
    "SWID": "SW_ID",
}


def column(heading: str) -> str:
    """The name in the guide of a heading as it was typed."""
    name = heading.strip().strip("\ufeff").upper().replace(" ", "_")
    return OTHER_NAMES.get(name, name)


def table_of(headings: Sequence[str]) -> Table | None:
    """The table that these headings (as `column` gives them) belong to. None where they belong to no table."""
    held = set(headings)
    if "CHILD" not in held:
        return None
    best = max(TABLES, key=lambda table: len(held & table.only_here))
    return best if held & best.only_here else None


_IN_WORDS = {
    "CHILD": "The authority's own number of the child, kept letter for letter. Stops the load if it can't be read",
    "DOB": "Date of birth. Stops the load if the header's can't be read; another file's is compared with it",
    "SEX": "M, F or U; 1 and 2 before 2024-25",
    "ETHNIC": "Ethnicity code; left empty if unknown",
    "UPN": "Kept as sent where its check letter does not fit. UN1 to UN7 say why there is none, and never replace one",
    "DECOM": "First day of the episode. Stops the load if it can't be read",
    "RNE": "Reason for the new episode. Stops the load if it is not a code",
    "LS": "Legal status. Stops the load if it is not a code",
    "CIN": "Category of need; left empty if unknown",
    "PLACE": "Type of placement, as the code of any year. Stops the load if it is not a code",
    "PLACE_PROVIDER": "Provider of the placement; left empty if unknown",
    "DEC": "The day the episode ended. Blank: it is open, whatever REC says",
    "REC": "Reason the episode ceased; read past where DEC is blank",
    "REASON_PLACE_CHANGE": "Reason for the change of placement; left empty if unknown",
    "HOME_POST": "Postcode of the family home, kept encrypted",
    "PL_POST": "Postcode of the placement, kept encrypted",
    "URN": "Ofsted's number of the placement. It is not a school",
    "DUC": "The day the child ceased to be unaccompanied and asylum-seeking",
    "SDQ_SCORE": "A whole number from 0 to 40",
    "SDQ_REASON": "Why there is no score",
    "IN_TOUCH": "Whether the authority is in touch with the care leaver",
    "ACTIV": "What the care leaver does",
    "ACCOM": "Where the care leaver lives",
    "REVIEW": "The day of the review. One after the last day the return speaks for is kept as planned",
    "REVIEW_CODE": "How the child took part",
    "MISSING": "Missing, or away without authorisation",
    "MIS_START": "First day missing. The row is left out if it can't be read",
    "MIS_END": "The day the child was back",
    "PREV_PERM": "The kind of earlier permanence",
    "LA_PERM": "The authority that arranged it",
    "DATE_PERM": "Its date as sent: parts may be unknown (zz/zz/2009)",
}


_IN_WORDS |= {
    question.column: f"{question.words}. Read past and not kept, unless the authority chose to keep {facts.called}"
    for facts in ALL
    for question in facts.questions
}


def columns_in_words() -> Iterator[tuple[str, str, str]]:
    """How each column is read: table, column, words."""
    for table in TABLES:
        for name in table.columns:
            read_past = not table.kept and name not in ("CHILD", "DOB")
            yield (
                table.name,
                name,
                "Read past and not kept" if read_past else _IN_WORDS.get(name, "Read past and not kept"),
            )
