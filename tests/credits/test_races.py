"""What happens to a balance at the same time happens in some order, on both databases."""

from sqlalchemy import delete, func, select
from tests.credits.test_service import GENERATION, KINDS, assert_it_adds_up
from tests.support.payloads import TRAINING, at_prices, offer
from tests.support.rooms import House
from tests.support.threads import at_once

from likeness.accounts import answers
from likeness.accounts.answers import Question, Repeated
from likeness.actions.cancellation import JobIsOver, cancel_job
from likeness.actions.claiming import claim_next
from likeness.actions.deletion import delete_model
from likeness.actions.ending import give_up, succeed
from likeness.actions.starting import start_job
from likeness.credits import service as credits
from likeness.credits.prices import Prices
from likeness.credits.service import Balance, InsufficientCredits
from likeness.jobs import queue
from likeness.jobs.table import jobs
from likeness.models import service as models
from likeness.models.service import ModelNotFound

TERMS = at_prices(Prices(generation=3, training=7))


def give(house: House, amount: int) -> None:
    with house.folder.database.write(alone=True) as transaction:
        credits.grant(transaction, house.account, amount, "")


def buy(house: House, model_id: str = "m") -> str:
    with house.folder.database.write() as transaction:
        return start_job(transaction, house.account, model_id, GENERATION, TERMS)


def test_many_buyers_spend_no_more_than_there_is(house: House) -> None:
    give(house, 3 * 5 + 2)

    found = at_once(*[lambda: buy(house)] * 12)

    assert sum(isinstance(result, str) for result in found) == 5
    refused = [result for result in found if not isinstance(result, str)]
    assert all(isinstance(error, InsufficientCredits) for error in refused), refused
    with house.folder.database.read() as transaction:
        assert assert_it_adds_up(transaction, house.account) == Balance(2, 15)
        assert transaction.scalar(select(func.count()).select_from(jobs)) == 5


def test_twins_are_paid_for_once(house: House) -> None:
    give(house, 3 * 5)
    question = Question(house.account, "a key", "a request")

    def ask() -> None:
        with house.folder.database.write() as transaction:
            answers.begin(transaction, question)
            start_job(transaction, house.account, "m", GENERATION, TERMS)
            answers.keep(transaction, question, "{}", None)

    found = at_once(*[ask] * 5)

    assert sorted(map(str, map(type, found))) == sorted(map(str, [type(None), *[Repeated] * 4]))
    with house.folder.database.read() as transaction:
        assert assert_it_adds_up(transaction, house.account) == Balance(12, 3)
        assert transaction.scalar(select(func.count()).select_from(jobs)) == 1


def test_a_job_that_is_cancelled_while_it_finishes_is_closed_once(house: House) -> None:
    database = house.folder.database
    give(house, 3 * 10)
    for _ in range(10):
        job_id = buy(house)
        claim = claim_next(database, offer("w", KINDS), 30, 3)
        assert claim is not None

        def finish(claim: queue.Claim = claim) -> None:
            with database.write() as transaction:
                succeed(transaction, queue.fence(transaction, claim.token))

        def cancel(job_id: str = job_id) -> None:
            with database.write(alone=True) as transaction:
                cancel_job(transaction, house.account, job_id)

        errors = [type(one) for one in at_once(finish, cancel) if one is not None]
        assert errors in ([queue.ClaimLost], [JobIsOver])
        with database.read() as transaction:
            assert assert_it_adds_up(transaction, house.account).reserved == 0


def test_buying_doing_and_deleting_do_not_wait_in_a_circle(house: House) -> None:
    database = house.folder.database
    give(house, 300)
    for _ in range(4):
        with database.write() as transaction:
            model_id = house.model(transaction, photos=1)
        for _ in range(3):
            buy(house, model_id)
        claims = [claim_next(database, offer("w", KINDS), 30, 3) for _ in range(2)]

        def order(model_id: str = model_id) -> None:
            with database.write() as transaction:
                models.get_model(transaction, house.account, model_id)
                start_job(transaction, house.account, model_id, GENERATION, TERMS)

        def finish(claim: queue.Claim | None) -> None:
            assert claim is not None
            with database.write() as transaction:
                succeed(transaction, queue.fence(transaction, claim.token))

        def delete(model_id: str = model_id) -> None:
            with database.write(alone=True) as transaction:
                delete_model(transaction, house.account, model_id)

        finishing = [lambda claim=claim: finish(claim) for claim in claims]
        found = at_once(order, order, delete, lambda: give(house, 1), *finishing)

        errors = {type(one) for one in found if one is not None}
        assert errors <= {ModelNotFound, queue.ClaimLost}, found
        with database.read() as transaction:
            assert assert_it_adds_up(transaction, house.account).reserved == 0


def test_giving_up_and_buying_do_not_wait_in_a_circle(house: House) -> None:
    database = house.folder.database
    give(house, 1000)
    for _ in range(4):
        with database.write() as transaction:
            model_id = house.model(transaction)
            start_job(transaction, house.account, model_id, TRAINING, TERMS)
        buy(house, model_id)
        training, _ = (
            claim_next(database, offer("w", [kind]), 30, 1) for kind in ("training", *KINDS)
        )
        assert training is not None

        def order(model_id: str = model_id) -> None:
            with database.write() as transaction:
                models.get_model(transaction, house.account, model_id)
                start_job(transaction, house.account, model_id, GENERATION, TERMS)

        def end(token: str = training.token) -> None:
            with database.write(alone=True) as transaction:
                give_up(transaction, "w", token, "It hangs.", attempts=1)

        assert at_once(order, end, order, order) == [None] * 4
        with database.write(alone=True) as transaction:
            rows = {row["id"]: row for row in transaction.all(select(jobs))}
            assert rows[training.job_id]["status"] == "failed"
            pictures = [row for row in rows.values() if row["kind"] == "generation"]
            assert {(row["status"], row["attempt"]) for row in pictures} == {("queued", 0)}
            assert assert_it_adds_up(transaction, house.account).reserved == 3 * (len(rows) - 1)
            delete_model(transaction, house.account, model_id)
            transaction.execute(delete(jobs))
