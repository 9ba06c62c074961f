"""On which base a trained model is drawn."""

import pytest
from sqlalchemy import select
from tests.support.payloads import BASE
from tests.support.rooms import House

from likeness.actions.generation import BaseGone, GenerationBody, start_generation
from likeness.actions.starting import Terms
from likeness.credits.prices import Prices
from likeness.jobs.standings import base_of
from likeness.jobs.table import jobs
from likeness.models import service as models
from likeness.presets.service import load_presets


def base_that_is_asked_of(house: House, trained_on: str, terms: Terms) -> str:
    """The base that a generation waits for, of a model that was trained on one."""
    with house.folder.database.write(alone=True) as transaction:
        model_id = house.model(transaction)
        model = models.get_model(transaction, house.account, model_id)
        adapter = {"job_id": "j", "base": trained_on, "trigger": "t", "description": "d"}
        models.add_adapter(transaction, model, {**adapter, "blob_key": "k", "recipe": {}})
        body = GenerationBody.model_validate({"modelID": model_id, "prompt": "at the beach"})
        job_id = start_generation(transaction, house.account, body, load_presets(), terms)
        return base_of(transaction.scalar(select(jobs.c.lane).where(jobs.c.id == job_id)))


@pytest.mark.parametrize("trained_on", [BASE, "elsewhere"])
def test_it_waits_for_the_base_that_the_model_was_trained_on(house: House, trained_on: str) -> None:
    terms = Terms(Prices(), BASE, {"elsewhere"})
    assert base_that_is_asked_of(house, trained_on, terms) == trained_on


def test_a_base_that_nobody_has_any_more_is_refused_at_once(house: House) -> None:
    with pytest.raises(BaseGone, match=r"base large, .* Train it again"):
        base_that_is_asked_of(house, "large", Terms(Prices(), BASE, {"elsewhere"}))
    with house.folder.database.read() as transaction:
        assert transaction.scalar(select(jobs.c.id)) is None
