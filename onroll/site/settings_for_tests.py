"""Settings of a test run: a home of its own, made afresh in each process and thrown away at the end."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="onroll-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["ONROLL_HOME"] = _home
os.environ["ONROLL_LOOPBACK"] = "1"
# Playwright keeps an event loop in the thread of the test, where Django then refuses to query.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from onroll.site.settings import *  # noqa: E402, F403
from onroll.site.settings import DATABASES, STORAGES  # noqa: E402

if os.environ.get("DATABASE_URL"):
    # The fixtures change from the web role to the owner and back, which a pool would not follow.
    DATABASES["default"]["OPTIONS"].pop("pool")
else:
    # What a test writes need not outlive the machine, so nothing waits for the disk.
    _options = DATABASES["default"]["OPTIONS"]
    _options["init_command"] = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")

# Hashed names need `collectstatic`, which has a test of its own.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
# Argon2 is slow on purpose; tests about passwords ask for it.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
