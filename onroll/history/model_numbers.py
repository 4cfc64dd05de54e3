"""The number each recorded model has in the history. Written down once, never changed, never used again.

`makemigrations` adds a line for a model that has none. When two people have added models at the same time, keep both
and give one the next free number, before either has reached a database that matters. A renamed model stands here
under both names with the one number; a removed model keeps its line, because its events stay.
"""

NUMBERS: dict[str, int] = {
    "access.Account": 1,
    "authorities.Authority": 2,
    "authorities.Team": 3,
    "authorities.CalendarEntry": 4,
    "schools.School": 5,
    "schools.SchoolLink": 6,
    "schools.Inspection": 7,
    "schools.AreaGrade": 8,
    "people.Post": 9,
    "children.Child": 10,
    "exchange.Import": 11,
    "exchange.ImportProblem": 12,
    "children.Identifiers": 13,
    "children.Characteristics": 14,
    "children.CharacteristicSpell": 15,
    "children.FormerName": 16,
    "children.CareEpisode": 17,
    "children.EpisodePlacement": 18,
    "children.PlacementAddress": 19,
    "children.PlacementArea": 20,
    "children.SchoolPlace": 21,
    "children.SENProvision": 22,
    "children.SENNeed": 23,
    "children.EHCPlan": 24,
    "children.SDQScore": 25,
    "children.Allocation": 26,
    "children.Status": 27,
    "children.Review": 28,
    "children.MissingEpisode": 29,
    "children.PreviousPermanence": 30,
    "children.CareLeaverContact": 31,
    "children.Difference": 32,
    "children.MoveNotice": 33,
    "children.SavedView": 34,
    "exchange.NamedSchool": 35,
    "exchange.ColumnMatch": 36,
    "children.ReturnedHealthFacts": 37,
    "children.ReturnedSafeguardingFacts": 38,
    "authorities.KeptFacts": 39,
}
