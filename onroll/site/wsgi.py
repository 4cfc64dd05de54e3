"""The web application that the server runs. It refuses to load with a secret that is none."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onroll.site.settings")
application = get_wsgi_application()

from onroll.design import charts  # noqa: E402 - the settings come first
from onroll.site.fit_secrets import refuse_unfit  # noqa: E402

refuse_unfit()
# What draws charts takes most of a second to load, and holds up everybody meanwhile: so before anybody is served.
charts.warm_up()
