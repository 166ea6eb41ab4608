"""What the web server serves; `anlan serve` looks first whether the database can be read past row security."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
application = get_wsgi_application()
