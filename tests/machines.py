"""What random people on the real database have in common, whatever they handle: nothing is kept, and what is refused changes nothing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from hypothesis.stateful import RuleBasedStateMachine

from anlan.files.models import File
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Problem
from anlan.kernel.ids import new_id


class People(RuleBasedStateMachine):
    """Acts in a transaction that `stage`, entered by the machine, rolls back in the end."""

    stage: Any
    now: datetime
    picture: UUID
    """A photo on the shelf; each one handed in is a row of its own over it."""

    def teardown(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # every row's last step has its entry
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        self.stage.__exit__(None, None, None)

    def everything(self) -> Any:
        """All that a refusal leaves as it is."""
        raise NotImplementedError

    def attempt(self, actor: Actor, call: Any) -> Any:
        """Whatever is refused changes nothing, even when the caller goes on in the same transaction."""
        before = self.everything()
        with clock.at(self.now), scope.acting(actor):
            try:
                found = call()
            except Problem:
                found = None
        if found is None:
            assert self.everything() == before
        return found

    def photo(self, actor: Actor) -> UUID:
        with scope.acting(SYSTEM):
            row = File.objects.get(pk=self.picture)
            row.pk, row.uploader_id, row.subject_id, row.subject_type = new_id(), actor.person, None, ""
            row.save(force_insert=True)
        return row.pk
