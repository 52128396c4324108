"""What `make run` has installed in the checkout is none of the tests' business."""

from __future__ import annotations

from model_store import catalog
from server.config import ROOT, Settings


def test_tests_have_a_store_of_their_own_with_what_comes_with_mattebox() -> None:
    store = Settings.from_environment().model_store
    assert ROOT not in store.parents
    known = catalog.read()
    found = catalog.load(store)
    assert [one.id for one in found.entries] == [one.id for one in known.entries if one.files]
    assert [offer.id for offer in found.offers] == [known.default]
