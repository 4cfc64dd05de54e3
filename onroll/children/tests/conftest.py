from types import SimpleNamespace

import pytest

from onroll.access.roles import Role

from .scene import a_child, a_person, a_school, an_actor, an_authority, together


@pytest.fixture
@together()
def cast(db) -> SimpleNamespace:
    """The small cast: an authority, two schools, Mia, and the people who work with her. Nothing is recorded of her."""
    ashcombe = an_authority()
    hillside, fernhill = a_school("Hillside"), a_school("Fernhill")
    sam, social_worker = a_person(ashcombe, Role.SOCIAL_WORKER)
    teacher_account, teacher = a_person(ashcombe, Role.DESIGNATED_TEACHER, "Tess Boyle", school=hillside)
    return SimpleNamespace(
        ashcombe=ashcombe,
        hillside=hillside,
        fernhill=fernhill,
        head=an_actor(ashcombe, Role.VSH, name="Hana Reid"),
        data_officer=an_actor(ashcombe, Role.DATA_OFFICER, name="Dan Poole"),
        iro=an_actor(ashcombe, Role.IRO, name="Ira Stone"),
        sam=sam,
        social_worker=social_worker,
        teacher_account=teacher_account,
        teacher=teacher,
        mia=a_child(ashcombe),
    )
