"""What the web server serves. It asserts first that the database cannot be read past row security."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
application = get_wsgi_application()
