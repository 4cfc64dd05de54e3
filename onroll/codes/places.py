"""Local authorities and regions, dated: authorities are merged and split, and their numbers with them."""

from dataclasses import dataclass

from .code_sets import Code, read_code_set


@dataclass(frozen=True, kw_only=True)
class LocalAuthority(Code):
    region: str
    gss_code: str
    type: str
    successor_codes: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.label

    @property
    def is_in_london(self) -> bool:
        return self.region in ("Inner London", "Outer London")

    @property
    def successors(self) -> "list[LocalAuthority]":
        """The authorities that took this one's place. Empty while it still stands."""
        return [LOCAL_AUTHORITY[code] for code in self.successor_codes]


@dataclass(frozen=True, kw_only=True)
class Region(Code):
    gss_code: str


LOCAL_AUTHORITY = read_code_set(LocalAuthority, "la_codes.csv", "a local authority in England")
OUTSIDE_ENGLAND = read_code_set(Code, "la_codes_outside_england.csv", "a place outside England")
REGION = read_code_set(Region, "regions.csv", "a region of England")
