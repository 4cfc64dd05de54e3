from datetime import date

import pytest

from onroll.access.actors import Actor
from onroll.access.encryption import make_key_ring
from onroll.authorities.models import Authority
from onroll.exchange.engine import FEEDS, apply, preview
from onroll.exchange.reading import gather
from onroll.history.changes import change

TODAY = date(2026, 3, 31)


@pytest.fixture
def data_officer(db):
    authority = Authority(code="999", name="Ashcombe", live_from=date(2025, 9, 1))
    with change("test.set_up", actor=Actor.system(0, today=TODAY)) as this:
        this.create(authority)
    make_key_ring(authority.pk)
    return Actor.command_line(authority.pk, today=TODAY, user="tester")


@pytest.fixture
def load(data_officer):
    """Previews and applies files of the register, and answers the import."""

    def load_files(*paths):
        import_ = preview(FEEDS["gias"], gather(list(paths)), actor=data_officer)
        return apply(import_, actor=data_officer)

    return load_files
