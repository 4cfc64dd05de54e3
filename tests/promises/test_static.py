"""The static files can be gathered under hashed names: every address inside them leads to a file that is there."""

from django.core.management import call_command
from django.test import override_settings

from onroll.site.settings import STORAGES

HASHED = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}


def test_static_files_are_gathered_under_hashed_names(tmp_path):
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=STORAGES | {"staticfiles": HASHED}):
        call_command("collectstatic", verbosity=0, interactive=False)

    assert (tmp_path / "staticfiles.json").exists()
    assert list(tmp_path.glob("design/onroll.????????????.css"))
