"""Answers that are given again."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, update
from tests.support.rooms import House

from likeness.accounts import answers
from likeness.accounts.answers import AnswerForgotten, KeyReused, Question, Repeated
from likeness.accounts.service import authenticate, create_key
from likeness.accounts.table import answers as table
from likeness.actions.deletion import delete_model
from likeness.store.database import Transaction


def question(house: House, key: str = "k", asked: str = "this") -> Question:
    return Question(house.account, key, asked)


def carry_out(house: House, asked: Question, body: str = "{}", about: str | None = None) -> None:
    """Do what is asked, which is nothing, and keep the answer."""
    with house.folder.database.write() as transaction:
        answers.begin(transaction, asked)
        answers.keep(transaction, asked, body, about)


def count(transaction: Transaction) -> int:
    return len(transaction.all(select(table.c.key)))


def test_an_answer_is_given_again(house: House) -> None:
    carry_out(house, question(house), '{"a": "ä"}')
    for _ in range(2):
        with pytest.raises(Repeated) as repeated:
            carry_out(house, question(house))
        assert repeated.value.body == '{"a": "ä"}'
    with house.folder.database.read() as transaction, pytest.raises(Repeated):
        answers.look(transaction, question(house))


def test_a_key_stands_for_one_request_of_one_account(house: House) -> None:
    carry_out(house, question(house))
    with pytest.raises(KeyReused):
        carry_out(house, question(house, asked="that"))
    carry_out(house, question(house, "another", "that"))
    with house.folder.database.write(alone=True) as transaction:
        stranger = authenticate(transaction, create_key(transaction, "k", "strangers"))
    assert stranger is not None
    carry_out(house, Question(stranger, "k", "that"))


def test_what_was_refused_is_asked_anew(house: House) -> None:
    with pytest.raises(RuntimeError), house.folder.database.write() as transaction:
        answers.begin(transaction, question(house))
        raise RuntimeError
    carry_out(house, question(house, asked="that"))


def test_twins_are_carried_out_once(house: House) -> None:
    ready, done = Barrier(4, timeout=60), list[str]()

    def ask(name: str) -> str:
        ready.wait()
        try:
            carry_out(house, question(house), name)
        except Repeated as repeated:
            return repeated.body
        done.append(name)
        return name

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, "abcd"))
    assert len(done) == 1
    assert set(found) == set(done)


def test_answers_end_after_a_day(house: House) -> None:
    carry_out(house, question(house), "old")
    carry_out(house, question(house, "other"), "old")
    with house.folder.database.write() as transaction:
        passed = table.c.created_at - answers.LIFE - 1
        transaction.execute(update(table).values(created_at=passed))
    carry_out(house, question(house, asked="that"), "new")
    with pytest.raises(Repeated) as repeated:
        carry_out(house, question(house, asked="that"))
    assert repeated.value.body == "new"
    with house.folder.database.write() as transaction:
        assert count(transaction) == 2
        answers.drop_old(transaction)
        assert count(transaction) == 1


def test_what_was_said_of_a_deleted_model_is_forgotten(house: House) -> None:
    with house.folder.database.write() as transaction:
        model_id = house.model(transaction)
    carry_out(house, question(house), '{"name": "Asha"}', model_id)
    with house.folder.database.write(alone=True) as transaction:
        delete_model(transaction, house.account, model_id)
    with pytest.raises(AnswerForgotten):
        carry_out(house, question(house))
    with house.folder.database.read() as transaction:
        assert [row["body"] for row in transaction.all(select(table))] == [None]
