"""What jobs are asked to do, where it does not matter what, and offers to do it."""

from collections.abc import Collection

from likeness.actions.starting import Terms
from likeness.credits.prices import Prices
from likeness.jobs.payloads import GenerationPayload, Kind, TrainingPayload
from likeness.jobs.queue import Offer

BASE = "mini"


def at_prices(prices: Prices) -> Terms:
    """That jobs cost so much, and are done on the usual base."""
    return Terms(prices, BASE)


FREE = at_prices(Prices())


def offer(owner: str, kinds: Collection[Kind], at_hand: Collection[str] = ()) -> Offer:
    """What a worker with the usual base offers."""
    return Offer(owner, kinds, BASE, at_hand)


GENERATION = GenerationPayload(
    adapter_id="a", prompt="p", width=64, height=64, num_images=1, steps=None, seed=1
)
TRAINING = TrainingPayload(trigger="t", description="d")
