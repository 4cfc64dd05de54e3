"""Whose word a fact is: what a person changed is theirs, and a less trusted source can't change it back."""

from typing import TypeVar

from onroll.history.changes import ThisChange, changed_fields

from ..models import Child
from ..records import ChildRecord

R = TypeVar("R", bound=Child | ChildRecord)


def keep(this: ThisChange, record: R, *, source: str = "person") -> R:
    """Save a record as the word of `source`. A save that changes nothing leaves it the word of who said it."""
    if not record._state.adding and changed_fields(record):
        record.source = source
    return this.save(record)
