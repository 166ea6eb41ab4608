"""One true bundle a module, which every test changes in its own way."""

import pytest

from tests.verify.bundles import members_of
from tests.verify.ledger_model import LedgerModel


@pytest.fixture(scope="module")
def model():
    return LedgerModel(21)


@pytest.fixture(scope="module")
def true_path(model, tmp_path_factory):
    return model.export(tmp_path_factory.mktemp("true") / "true.zip")


@pytest.fixture(scope="module")
def true_members(true_path):
    return members_of(true_path)
