"""Every stored field says how sensitive it is, and which part of the record guards it."""

import pytest
from django.apps import apps
from django.db import models

from onroll.access.classes import BOOKKEEPING, Classes
from onroll.access.encryption import EncryptedTextField
from onroll.access.sections import Section
from onroll.children.models import Child
from onroll.children.records import ChildRecord

OURS = [model for model in apps.get_models() if model.__module__.startswith("onroll.")]
CLASSES = {"P0", "P1", "P2", "P3", "P4", "P5"}

# An event repeats a record as it is stored, ciphertext included; the salt is what an erasing destroys.
OF_THE_HISTORY = {"history.Event.payload", "history.Salt.salt"}

# Closed for two custodians, by keys that no authority's ring holds.
SEALED = {"children.SealedLink.text"}

# P4 values that are counted or filtered, so they are plain columns of a table of their own (architecture 3, 7).
COUNTED = {
    "children.SDQScore.score",
    "children.SDQScore.reason",
    "children.SDQScore.start",
    "children.SDQScore.end",
    "children.PlacementArea.la_code",
    "children.PlacementArea.la_stated",
    "children.PlacementArea.distance_miles",
    "children.PlacementArea.episode",
    "children.PlacementAddress.episode",
    "children.PlacementAddress.disclosure",
    "children.EpisodePlacement.area",
    "children.Difference.part",
    "children.Difference.fact",
    "children.Difference.kept_source",
    "children.Difference.other_source",
    "children.Difference.noticed_on",
    "children.Difference.settled_on",
    "children.Difference.settled_as",
    # Which of two or three kinds a return answered: a re-load finds its row by it. The answer itself is encrypted.
    "children.ReturnedHealthFacts.kind",
    "children.ReturnedSafeguardingFacts.kind",
}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
@pytest.mark.proves("CLS-1", "CLS-2")
def test_every_field_of_every_model_has_a_class(model):
    assert isinstance(getattr(model, "classes", None), Classes), f"{model._meta.label} does not say what its fields are"
    for field in model._meta.concrete_fields:
        assert field.name in BOOKKEEPING or model.classes.of(field.name) in CLASSES


@pytest.mark.parametrize(
    "model", [m for m in OURS if issubclass(m, ChildRecord) or m is Child], ids=lambda model: model._meta.label
)
@pytest.mark.proves("ACC-1")
def test_what_is_about_a_child_is_reached_through_the_gate_alone(model):
    assert isinstance(model.classes.section, Section)
    assert not hasattr(model, "objects")
    assert model._meta.default_manager.name == "unscoped"
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey) and field.related_model is Child:
            assert field.remote_field.hidden, f"{model._meta.label}.{field.name} opens a side door from the child"


def p4_fields():
    for model in OURS:
        if not hasattr(model, "classes"):
            continue
        for field in model._meta.concrete_fields:
            if field.name not in BOOKKEEPING and model.classes.of(field.name) in ("P4", "P5"):
                yield f"{model._meta.label}.{field.name}", field


@pytest.mark.proves("PLT-5")
def test_p4_text_is_encrypted_but_for_what_is_counted():
    plain = {name for name, field in p4_fields() if not isinstance(field, EncryptedTextField)}

    assert plain == COUNTED | OF_THE_HISTORY | SEALED
