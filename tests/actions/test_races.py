"""What happens at the same time happens in some order, on both databases."""

import io
from collections.abc import Sequence

import pytest
from sqlalchemy import RowMapping, func, select
from tests.support.payloads import BASE, FREE, GENERATION, offer
from tests.support.photos import small
from tests.support.rooms import House
from tests.support.threads import at_once

from likeness.actions.cancellation import JobIsOver, cancel_job
from likeness.actions.claiming import claim_next
from likeness.actions.deletion import delete_model
from likeness.actions.generation import GenerationBody, finish_generation, start_generation
from likeness.actions.outcome import Made
from likeness.actions.training import TooManyTrainings, start_training
from likeness.actions.upload import upload_photo
from likeness.images import service as images
from likeness.images.schemas import UploadData
from likeness.images.service import MOST_PER_TYPE, TooManyImages
from likeness.jobs import queue
from likeness.jobs.table import QUEUED, jobs, standings
from likeness.models import service as models
from likeness.models.service import ModelNotFound
from likeness.presets.service import load_presets


def send_photo(house: House, data: UploadData, photo: bytes) -> RowMapping:
    """Upload a photo; returns its row."""
    return upload_photo(
        house.folder,
        house.account,
        data,
        io.BytesIO(photo),
        10**6,
        house.folder.database.write,
        lambda _, row: row,
    )


def kinds(results: Sequence[object]) -> list[str]:
    """The names of the errors among results, in order."""
    return sorted(type(result).__name__ for result in results if isinstance(result, Exception))


def test_a_job_is_claimed_once(house: House) -> None:
    with house.folder.database.write() as transaction:
        added = [
            queue.enqueue(transaction, house.account.id, "m", GENERATION, BASE) for _ in range(30)
        ]

    def work(owner: str) -> list[str]:
        claimed: list[str] = []
        while claim := claim_next(house.folder.database, offer(owner, ["generation"]), 30, 3):
            claimed.append(claim.job_id)
        return claimed

    found = at_once(*(lambda owner=owner: work(owner) for owner in "abcdef"))

    assert sorted(job_id for claimed in found for job_id in claimed) == sorted(added)


def test_turns_count_what_waits_whoever_meets(house: House) -> None:
    database = house.folder.database
    with database.write() as transaction:
        model_id = house.model(transaction)
        added = [
            queue.enqueue(transaction, house.account.id, model_id, GENERATION, BASE)
            for _ in range(20)
        ]

    def come() -> None:
        for _ in range(10):
            with database.write() as transaction:
                queue.enqueue(transaction, house.account.id, model_id, GENERATION, BASE)

    def work(owner: str) -> None:
        for _ in range(10):
            claim = claim_next(database, offer(owner, ["generation"]), 30, 3)
            with database.write(alone=True) as transaction:
                if claim and (job := queue.find(transaction, claim.token)):
                    queue.hand_back(transaction, job, count_attempt=False)

    def cancel() -> None:
        for job_id in added[:10]:
            with database.write(alone=True) as transaction:
                cancel_job(transaction, house.account, job_id)

    found = at_once(come, come, cancel, lambda: work("a"), lambda: work("b"))

    assert found == [None] * 5
    with database.read() as transaction:
        number = select(func.count()).where(QUEUED)
        assert transaction.scalar(number) == 30
        assert [standing["waiting"] for standing in transaction.all(select(standings))] == [30]


def test_a_claim_that_ran_out_is_ended_once(house: House) -> None:
    with house.folder.database.write() as transaction:
        job_id = queue.enqueue(transaction, house.account.id, "m", GENERATION, BASE)
        assert queue.claim(transaction, offer("dead", ["generation"]), lease=-1)

    def work(owner: str) -> queue.Claim | None:
        return claim_next(house.folder.database, offer(owner, ["generation"]), 30, 3)

    found = at_once(*(lambda owner=owner: work(owner) for owner in "abcdef"))

    assert [claim.job_id for claim in found if claim] == [job_id]
    with house.folder.database.read() as transaction:
        assert transaction.scalar(select(jobs.c.attempt)) == 2


def test_a_job_that_is_cancelled_while_it_finishes_ends_once(house: House) -> None:
    database = house.folder.database
    for _ in range(15):
        with database.write() as transaction:
            job_id = queue.enqueue(transaction, house.account.id, "m", GENERATION, BASE)
            claim = queue.claim(transaction, offer("w", ["generation"]), 30)
        assert claim is not None

        def finish(claim: queue.Claim = claim) -> None:
            with database.write() as transaction:
                made = [Made(0, f"models/m/{claim.job_id}.jpg", {})]
                finish_generation(transaction, claim, made)

        def cancel(job_id: str = job_id) -> None:
            with database.write(alone=True) as transaction:
                cancel_job(transaction, house.account, job_id)

        errors = kinds(at_once(finish, cancel))
        with database.read() as transaction:
            status = transaction.scalar(select(jobs.c.status).where(jobs.c.id == job_id))
            shown = len(images.images_of_job(transaction, house.account, job_id))
        assert (status, shown, errors) in (
            ("success", 1, [JobIsOver.__name__]),
            ("failed", 0, [queue.ClaimLost.__name__]),
        )


def test_a_model_never_holds_too_many_photos(house: House) -> None:
    with house.folder.database.write() as transaction:
        model_id = house.model(transaction, photos=MOST_PER_TYPE - 3)
    photo = small()
    data = UploadData(modelID=model_id, type="modelInput")

    def upload() -> None:
        send_photo(house, data, photo)

    errors = kinds(at_once(*[upload] * 7))

    assert errors == [TooManyImages.__name__] * 4
    with house.folder.database.read() as transaction:
        assert images.count_images(transaction, model_id, "modelInput") == MOST_PER_TYPE
    assert len(house.keys()) == MOST_PER_TYPE, "what was refused is not stored"


def test_an_account_never_has_too_many_trainings(house: House) -> None:
    with house.folder.database.write() as transaction:
        ids = [house.model(transaction, photos=12) for _ in range(5)]

    def start(model_id: str) -> None:
        with house.folder.database.write(alone=True) as transaction:
            start_training(transaction, house.account, model_id, 3, FREE)

    errors = kinds(at_once(*(lambda model_id=model_id: start(model_id) for model_id in ids)))

    assert errors == [TooManyTrainings.__name__] * 2


def test_nothing_is_left_of_a_model_that_is_deleted_in_a_crowd(house: House) -> None:
    database = house.folder.database
    body = GenerationBody.model_validate({"modelID": "", "prompt": "a secret wish"})
    for _ in range(5):
        with database.write() as transaction:
            model_id = house.model(transaction, photos=1)
            model = models.get_model(transaction, house.account, model_id)
            adapter = {"job_id": model_id, "base": BASE, "trigger": "t", "description": "d"}
            adapter |= {"blob_key": model_id, "recipe": {}}
            models.add_adapter(transaction, model, adapter)
            for _ in range(3):
                queue.enqueue(transaction, house.account.id, model_id, GENERATION, BASE)
            claims = [queue.claim(transaction, offer("w", ["generation"]), 30) for _ in range(3)]

        def start(model_id: str = model_id) -> None:
            with database.write() as transaction:
                asked = body.model_copy(update={"modelID": model_id})
                start_generation(transaction, house.account, asked, load_presets(), FREE)

        def upload(model_id: str = model_id) -> None:
            data = UploadData(modelID=model_id, type="modelInput")
            send_photo(house, data, small())

        def rename(model_id: str = model_id) -> None:
            with database.write() as transaction:
                models.update_model(transaction, house.account, model_id, {"name": "Wilhelmina"})

        def finish(claim: queue.Claim | None) -> None:
            assert claim is not None
            with database.write() as transaction:
                made = [Made(0, f"models/{claim.model_id}/{claim.job_id}.jpg", {})]
                finish_generation(transaction, claim, made)

        tokens = [claim.token for claim in claims if claim]

        def beat(tokens: list[str] = tokens) -> None:
            with database.write() as transaction:
                queue.beat(transaction, tokens, 30)

        def delete(model_id: str = model_id) -> None:
            with database.write(alone=True) as transaction:
                delete_model(transaction, house.account, model_id)

        finishes = [lambda claim=claim: finish(claim) for claim in claims[:2]]
        found = at_once(start, upload, rename, delete, beat, *finishes)

        assert set(kinds(found)) <= {ModelNotFound.__name__, queue.ClaimLost.__name__}
        with database.read() as transaction:
            model = models.get_model(transaction, house.account, model_id, deleted=True)
            assert (model["status"], model["name"]) == ("deleted", "")
            rows = transaction.all(select(jobs).where(jobs.c.model_id == model_id))
            assert {row["status"] for row in rows} <= {"success", "failed"}
            assert all(row["payload"] == {} for row in rows)
            assert images.count_images(transaction, model_id, "modelInput") == 0
            assert images.count_images(transaction, model_id, "modelOutput") == 0


@pytest.mark.parametrize("house", ["many machines"], indirect=True)
def test_a_job_that_is_held_holds_nobody_up(house: House) -> None:
    database = house.folder.database
    with database.write() as transaction:
        held, free = (
            queue.enqueue(transaction, house.account.id, "m", GENERATION, BASE) for _ in range(2)
        )
    with database.write() as transaction:
        transaction.hold(select(jobs).where(jobs.c.id == held))
        claimed = claim_next(database, offer("w", ["generation"]), 30, 3)
    assert claimed is not None and claimed.job_id == free
