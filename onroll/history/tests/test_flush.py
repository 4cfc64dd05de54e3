"""Tests that commit leave an empty database and whole triggers behind."""

from datetime import date

import pytest
from django.db import connection

from onroll.access.actors import Actor
from onroll.authorities.models import Authority
from onroll.history import triggers
from onroll.history.changes import change
from onroll.history.models import Change


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_after_a_test_that_commits_everything_is_gone_and_guarded(time):
    assert not Authority.objects.exists()
    assert not Change.objects.exists()
    triggers.check(connection)
    with change("test.set_up", actor=Actor.command_line(1, today=date(2026, 3, 31), user="sam")) as this:
        this.create(Authority(code="999", name="Ashcombe", live_from=date(2020, 1, 1)))
