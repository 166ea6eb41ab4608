"""The database server: an embedded one that needs nobody, or an external one that is set up properly."""

from anlan.site.postgres.ensure import ensure_database
from anlan.site.postgres.provision import Passwords, provision
from anlan.site.postgres.temporary import throwaway
from anlan.site.postgres.trouble import DatabaseTrouble
from anlan.site.postgres.urls import Urls, django_database

__all__ = ["DatabaseTrouble", "Passwords", "Urls", "django_database", "ensure_database", "provision", "throwaway"]
