"""The database server: an embedded one that needs nobody, or an external one that is set up properly."""

from anlan.site.postgres.temporary import throwaway
from anlan.site.postgres.trouble import DatabaseTrouble

__all__ = ["DatabaseTrouble", "throwaway"]
