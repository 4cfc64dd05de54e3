"""The verbs that changes are named with, each with the sentence that people read."""

_sentences: dict[str, str] = {}
_notes: set[str] = set()


class UnknownVerb(Exception):
    """A change was named with a verb that no part has registered."""


def verb(name: str, sentence: str, *, note: bool = False) -> str:
    """Register a verb: `verb("pep.signed_off", "{actor} signed off the PEP")`. Returns its name.

    A note is written within an act and tells what became of it. It stays when the act is undone.
    """
    if "{actor}" not in sentence:
        raise ValueError(f"The sentence of {name} must say {{actor}}.")
    if _sentences.setdefault(name, sentence) != sentence:
        raise ValueError(f"{name} is registered with another sentence: {_sentences[name]}")
    if note:
        _notes.add(name)
    return name


def is_note(name: str) -> bool:
    return name in _notes


def sentence_of(name: str) -> str:
    """The sentence of a verb. One that is no longer registered reads as its name."""
    return _sentences.get(name, "{actor}: " + name.replace("_", " ").replace(".", " "))


def require(name: str) -> None:
    if name not in _sentences:
        raise UnknownVerb(f"{name} is not a registered verb. Register it with verb(name, sentence).")


def registered() -> dict[str, str]:
    return dict(_sentences)


DISPOSED = verb("record.disposed", "{actor} disposed of the record")
UNDONE = verb("import.undone", "{actor} undid an import")
MIGRATED = verb("installation.migrated", "{actor} moved the stored records to a new version")
verb("test.set_up", "{actor} set up a test")
