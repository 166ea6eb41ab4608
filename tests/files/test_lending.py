"""A picture lent to a service outside: for minutes, without metadata, and no other."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.files.actions import store
from anlan.files.lending import LENT_FOR, borrowed, lend
from anlan.files.models import File
from anlan.kernel import clock, scope
from anlan.kernel.errors import NotFound
from tests.factories import City, make_city

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def city(db: Any) -> City:
    return make_city()


def test_anybody_with_the_address_fetches_the_copy_for_a_while(city: City) -> None:
    with scope.acting(city.inspector):
        file = File.objects.get(pk=city.photo(city.inspector))
    path = lend(file)
    assert str(file.pk) not in path
    answer = Client().get(path)
    body = b"".join(answer)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200,
        "image/jpeg",
        "private, no-store",
    )
    with store().open(file.display_sha256) as kept:
        assert body == kept.read()
    assert file.display_sha256 != file.sha256
    with clock.at(clock.now() + LENT_FOR + timedelta(seconds=2)):
        assert Client().get(path).status_code == 404


def test_no_other_picture_is_fetched_by_an_address_of_ones_own_making(city: City) -> None:
    with scope.acting(city.inspector):
        file = File.objects.get(pk=city.photo(city.inspector))
    path = lend(file)
    token = path.rsplit("/", 1)[1].removesuffix(".jpg")
    forged = [
        token.replace(file.display_sha256, file.sha256),  # the original
        token[:-2] + "AA",
        f"{file.display_sha256}.9999999999",
        f"{file.display_sha256}.9999999999~",
        "~",
    ]
    for one in forged:
        with pytest.raises(NotFound):
            borrowed(one)
        assert Client().get(f"/files/lent/{one}.jpg").status_code == 404
    with pytest.raises(NotFound):
        lend(File(sha256="0" * 64))
