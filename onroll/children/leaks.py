"""Words of free text that tell where a child lives: a postcode, a house, a home's name, a carer, a telephone.

What is typed into a place with more readers than the address is looked through before it is saved (ADR-4). Who may
know the address has their words compared with it, however they are spelled. Who may not is warned of anything that
looks like an address at all: a warning that came for the right one alone would tell that it is the right one.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.access.roles import Role

from .disclosure import HOME, may_know_address, names_for
from .guard_models import Disclosure
from .models import Allocation, Child, PlacementAddress

POSTCODE = "the postcode"
HOUSE = "the house and the street"
NAME = "the name of the home"
CARER = "the carer’s surname"
TELEPHONE = "a telephone number of the home"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# The kinds of street, each with how people shorten it.
_KINDS = {
    "street": ("st", "str"), "road": ("rd",), "lane": ("ln", "la"), "avenue": ("ave", "av"), "close": ("cl", "cls"),
    "drive": ("dr", "drv"), "court": ("ct", "crt"), "crescent": ("cres", "cresc", "cr"),
    "gardens": ("gdns", "gdn", "garden"), "place": ("pl",), "square": ("sq",), "terrace": ("terr", "ter"),
    "grove": ("gr", "grv"), "way": ("wy",),
    "hill": ("hl",), "park": ("pk",), "walk": ("wk", "wlk"), "row": (), "rise": (), "view": ("vw",), "green": ("grn",),
    "mews": (), "parade": ("pde",), "end": (), "yard": ("yd",), "wharf": (), "vale": (), "mount": ("mt",),
}  # fmt: skip
_KIND_OF = {short: kind for kind, shorts in _KINDS.items() for short in (kind, *shorts)}
# Words that say "number 4 in Mill Lane" otherwise.
_BETWEEN = _words("number no num nr house flat in on of at the along")
_NUMBERS = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_TITLES = _words("mr mrs ms miss mx dr auntie aunty uncle nan carer carers")
# Surnames that are words of every text: they count only behind a title or a given name.
_EVERYDAY = _words(
    "bell best birch bird black bond brook brown bull bush butler carpenter church clay cook cooper cross day "
    "dean english farmer field fish ford fox frost gardener good grace grant gray green hall hand hill holiday "
    "hope house hunt hunter knight lake lamb lane law little long love marsh mason may mill miller moon moore "
    "more noble page park parent parish parsons penny pool poole porter potter power price prior rich rose rowe "
    "sharp shepherd short small smart speed spring stone street summer summers swift taylor teacher walker waters "
    "way weeks west white wise wood woods young"
)
_FULL_POSTCODE = re.compile(r"(?<![a-z0-9])[a-z]{1,2}[0-9][0-9a-z]?\s*[0-9][abd-hjlnp-uw-z]{2}(?![a-z0-9])")
_TELEPHONE_LIKE = re.compile(r"(?:\+|\(|\b0)[\d\s().\-/]{8,}\d")


@dataclass(frozen=True)
class Secrets:
    """What tells where a child lives, as it stands in the record."""

    postcodes: tuple[str, ...] = ()
    houses: tuple[tuple[str, tuple[str, ...]], ...] = ()
    names: tuple[tuple[str, ...], ...] = ()
    carers: tuple[tuple[str, str], ...] = ()
    telephones: tuple[str, ...] = ()


def found_in(texts: Iterable[str], child: Child, actor: Actor) -> list[str]:
    """What these texts tell of where the child lives, in words; of nothing, nothing. At most three queries."""
    texts = [text for text in texts if text.strip()]
    if not texts:
        return []
    address = _address_now(child)
    if address is None or address.disclosure == Disclosure.ORDINARY:
        return []
    text = "\n".join(texts)
    if not may_know_address(actor, address.disclosure, names_for(child.pk, HOME, address.disclosure, actor)):
        return what_looks_like_an_address(text)
    held = Allocation.unscoped.filter(child=child, role=Role.CARER, end__isnull=True).select_related("account")
    return what_tells(text, secrets_of(child, address, [carer.account for carer in held]))


def _address_now(child: Child) -> PlacementAddress | None:
    held = PlacementAddress.unscoped.filter(child=child, episode__end__isnull=True)
    return held.order_by("-episode__start", "-id").first()


def secrets_of(child: Child, address: PlacementAddress, looked_after_by: Iterable[Account]) -> Secrets:
    """What must not stand in a text. The carer's surname is looked for where the mark is above the usual one."""
    carers = []
    telephones = _telephones(str(address.address))
    for carer in looked_after_by:
        telephones += _telephones(carer.phone)
        surname = "".join(tokens(carer.family_name))
        own = surname == "".join(tokens(child.family_name))
        if surname and not own and address.disclosure != Disclosure.NOT_TO_FAMILY:
            carers.append((surname, "".join(tokens(carer.given_name))))
    houses, names = _parts(str(address.address))
    postcode = "".join(tokens(str(address.postcode)))
    return Secrets(
        postcodes=(postcode,) if len(postcode) >= 5 else (),
        houses=tuple(houses),
        names=tuple(names),
        carers=tuple(carers),
        telephones=tuple(telephones),
    )


def _parts(address: str) -> tuple[list[tuple[str, tuple[str, ...]]], list[tuple[str, ...]]]:
    """The houses in streets and the names of homes in an address, each as its words."""
    houses: list[tuple[str, tuple[str, ...]]] = []
    names: list[tuple[str, ...]] = []
    lines = [tokens(line) for line in re.split(r"[,\n;]", address)]
    for place, line in enumerate(lines):
        number = next((n for n, word in enumerate(line) if _number(word)), None)
        if number is not None and len(line) > number + 1 and line[0] not in ("flat", "apartment", "unit", "room"):
            houses.append((_number(line[number]), tuple(line[number + 1 :])))
        elif number is not None and len(line) == 1 and place + 1 < len(lines) and lines[place + 1]:
            houses.append((_number(line[0]), tuple(lines[place + 1])))
        elif place == 0 and number is None and line and len(lines) > 1:
            name = tuple(line[1:] if line[0] == "the" and len(line) > 1 else line)
            if len(name) > 1 or len(name[0]) >= 6:
                names.append(name)
    return houses, names


# Looking through a text


def what_tells(text: str, secrets: Secrets) -> list[str]:
    """Which of the secrets stand in the text, however they are spelled."""
    words = tokens(text)
    found = []
    if any(_has_postcode(text, each) for each in secrets.postcodes):
        found.append(POSTCODE)
    if any(_has_house(words, number, street) for number, street in secrets.houses):
        found.append(HOUSE)
    if any(_has_name(words, name) for name in secrets.names):
        found.append(NAME)
    if any(_has_surname(words, surname, given) for surname, given in secrets.carers):
        found.append(CARER)
    if secrets.telephones and set(secrets.telephones) & set(_telephones(text)):
        found.append(TELEPHONE)
    return found


def what_looks_like_an_address(text: str) -> list[str]:
    """What in the text looks like any address: said to someone who may not know the child's."""
    plain, words = _plain(text), tokens(text)
    found = [POSTCODE] if _FULL_POSTCODE.search(plain) else []
    for n in range(len(words) - 2):
        if _number(words[n]) and (words[n + 2] in _KIND_OF) and not words[n + 1].isdigit():
            found.append(HOUSE)
            break
    return [*found, TELEPHONE] if _telephones(text) else found


def tokens(text: str) -> list[str]:
    """The words of a text: lower case, no accents, apostrophes dropped, all else that is no letter or digit a gap."""
    plain = re.sub(r"(?<=[a-z0-9])['’`´](?=[a-z])", "", _plain(text))
    return re.findall(r"[a-z]+|[0-9]+[a-z]?(?![a-z0-9])|[0-9]+", plain)


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text)
    # Letters that show nothing, such as a soft hyphen or a joiner, would part a word unseen.
    kept = (c for c in spread if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return "".join(kept).lower()


@cache
def _postcode_pattern(postcode: str) -> re.Pattern[str]:
    alike = {"o": "[o0]", "0": "[o0]", "i": "[i1l]", "1": "[i1l]", "l": "[i1l]"}
    return re.compile(r"(?<![a-z])" + r"[\W_]*".join(alike.get(c, c) for c in postcode) + r"(?![a-z]{2})")


def _has_postcode(text: str, postcode: str) -> bool:
    return _postcode_pattern(postcode).search(_plain(text)) is not None


def _number(word: str) -> str:
    """The house number that a word is: “4”, “4a”, “four”. Empty for any other word."""
    if re.fullmatch(r"[0-9]{1,4}[a-z]?", word):
        return word
    return str(_NUMBERS.index(word)) if word in _NUMBERS else ""


def _has_house(words: Sequence[str], number: str, street: tuple[str, ...]) -> bool:
    for start in range(len(words)):
        end = _street_ends(words, start, street)
        if end and (_number_before(words, start, number) or _number_after(words, end, number)):
            return True
    return False


def _street_ends(words: Sequence[str], start: int, street: tuple[str, ...]) -> int:
    """Where a street that begins at this word ends. 0 where it does not stand here."""
    joined = "".join(street)
    if words[start] == joined and len(joined) > 5:
        return start + 1
    if len(words) < start + len(street):
        return 0
    here = words[start : start + len(street)]
    alike = all(_same_word(one, other) for one, other in zip(here, street, strict=True))
    return start + len(street) if alike else 0


def _same_word(one: str, other: str) -> bool:
    """Whether two words are the same for a reader: a short form, or one slip of the finger."""
    if one == other or (one in _KIND_OF and _KIND_OF[one] == _KIND_OF.get(other)):
        return True
    if {one, other} == {"saint", "st"}:
        return True
    return len(other) >= 5 and one not in _EVERYDAY and _one_slip(one, other)


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter too many, too few, wrong, or two changed places, part the words."""
    if abs(len(one) - len(other)) > 1 or one[:1] != other[:1]:
        return False
    if len(one) == len(other):
        wrong = [n for n in range(len(one)) if one[n] != other[n]]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
            return one[wrong[0]] == other[wrong[1]] and one[wrong[1]] == other[wrong[0]]
        return len(wrong) <= 1
    short, long = sorted((one, other), key=len)
    return any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


def _number_before(words: Sequence[str], start: int, number: str) -> bool:
    for place in range(start - 1, max(start - 5, -1), -1):
        if _is_number(words, place, number):
            return True
        if words[place] not in _BETWEEN:
            return False
    return False


def _number_after(words: Sequence[str], end: int, number: str) -> bool:
    for place in range(end, min(end + 3, len(words))):
        if _is_number(words, place, number):
            return True
        if words[place] not in ("number", "no", "num", "nr", "house", "at"):
            return False
    return False


def _is_number(words: Sequence[str], place: int, number: str) -> bool:
    word = words[place]
    if _number(word) == number:
        return True
    # “4 a”, “twenty four”
    before = words[place - 1] if place else ""
    if word.isalpha() and len(word) == 1 and before + word == number:
        return True
    unit = _NUMBERS.index(word) if word in _NUMBERS[1:10] else 0
    if word in _TENS:
        return str(_TENS[word]) == number
    return bool(unit and before in _TENS and str(_TENS[before] + unit) == number)


def _has_name(words: Sequence[str], name: tuple[str, ...]) -> bool:
    joined = "".join(name)
    for start in range(len(words)):
        here = words[start : start + len(name)]
        if len(name) > 1 and words[start] == joined:
            return True
        if len(here) == len(name) and all(_same_name(one, other) for one, other in zip(here, name, strict=True)):
            return True
    return False


def _same_name(one: str, other: str) -> bool:
    return one in (other, f"{other}s") or (len(other) >= 5 and _one_slip(one, other))


def _has_surname(words: Sequence[str], surname: str, given: str) -> bool:
    everyday = surname in _EVERYDAY or len(surname) < 4
    for place, word in enumerate(words):
        joined = word + words[place + 1] if place + 1 < len(words) else ""
        same = word in (surname, f"{surname}s") or joined in (surname, f"{surname}s")
        if not same and (everyday or len(surname) < 6 or not _one_slip(word, surname)):
            continue
        before = words[place - 1] if place else ""
        after = words[place + 1] if place + 1 < len(words) else ""
        if not everyday or before in _TITLES or (given and before == given) or after in ("family", "household"):
            return True
    return False


def _telephones(text: str) -> list[str]:
    """The telephone numbers in a text, as digits that begin with 0."""
    found = []
    for run in _TELEPHONE_LIKE.findall(_plain(text)):
        digits = re.sub(r"\D", "", run.replace("(0)", "") if run.startswith(("+", "(+", "00")) else run)
        if digits.startswith("0044"):
            digits = digits[2:]
        if digits.startswith("44"):
            digits = "0" + digits[2:].lstrip("0")
        if 10 <= len(digits) <= 11 and digits.startswith("0"):
            found.append(digits)
    return found
