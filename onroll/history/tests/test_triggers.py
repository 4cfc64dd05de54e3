from django.db import connection
import pytest
from onroll.history import triggers


@pytest.mark.django_db
def test_in_place():
    triggers.check(connection)
