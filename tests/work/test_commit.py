"""Outcomes that wait for a database that is away."""

import pytest
from tests.support.away import Away
from tests.work.conftest import Work

from likeness.jobs import queue
from likeness.store.database import DatabaseUnreachable, Transaction
from likeness.work import commit as module
from likeness.work.commit import commit


@pytest.fixture
def away(work: Work, monkeypatch: pytest.MonkeyPatch) -> Away:
    monkeypatch.setattr(module, "PAUSE", 0.0)
    return Away(work.house.folder.database, monkeypatch)


def end(work: Work) -> None:
    def write(transaction: Transaction) -> None:
        queue.end(transaction, queue.fence(transaction, work.claim.token), None)

    commit(work.house.folder.database, write)


def test_an_outcome_is_written_when_the_database_is_back(work: Work, away: Away) -> None:
    away.times = 3

    end(work)

    assert work.job()["status"] == "success"


def test_an_outcome_whose_commit_was_not_heard_of_is_there_once(work: Work, away: Away) -> None:
    away.unheard = 1

    with pytest.raises(queue.ClaimLost):
        end(work)

    assert work.job()["status"] == "success"


def test_patience_ends(work: Work, away: Away, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    away.times = 1000

    with pytest.raises(DatabaseUnreachable):
        end(work)

    away.times = 0
    assert work.job()["status"] == "running"
