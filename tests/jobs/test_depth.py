"""How much waits and runs."""

from tests.support.payloads import BASE, GENERATION, offer
from tests.support.rooms import House

from likeness.jobs import queue
from likeness.jobs.depth import depths
from likeness.jobs.payloads import TrainingPayload, UpscalingPayload


def test_what_waits_and_runs_is_counted(house: House) -> None:
    training, picture = TrainingPayload(trigger="", description=""), UpscalingPayload(image_id="i")
    with house.folder.database.write(alone=True) as transaction:
        model = house.model(transaction)
        for payload in (training, training, training, picture):
            queue.enqueue(transaction, house.account.id, model, payload, BASE)
        queue.claim(transaction, offer("somebody", ["training"]), 30)
        ended = queue.claim(transaction, offer("somebody", ["training"]), 30)
        assert ended is not None
        queue.end(transaction, queue.fence(transaction, ended.token), None)
    with house.folder.database.read() as transaction:
        found = {one.kind: one for one in depths(transaction, BASE)}
    assert (found["training"].waiting, found["training"].running) == (1, 1)
    assert (found["upscaling"].waiting, found["upscaling"].running) == (1, 0)
    assert (found["video"].waiting, found["video"].running, found["video"].oldest) == (0, 0, 0.0)
    assert 0 <= found["training"].oldest < 600


def test_what_waits_for_other_bases_is_told_apart(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        model = house.model(transaction)
        for base in (BASE, "another", "another"):
            queue.enqueue(transaction, house.account.id, model, GENERATION, base)
    with house.folder.database.read() as transaction:
        found = [one for one in depths(transaction, BASE) if one.kind == "generation"]
    assert [(one.base, one.waiting) for one in found] == [(BASE, 1), ("another", 2)]
