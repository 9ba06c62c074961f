"""Progress in the record."""

import pytest
from tests.support.away import Away
from tests.work.conftest import Work

from likeness.jobs.queue import ClaimLost
from likeness.work import reporter
from likeness.work.reporter import Reporter


def test_a_new_stage_is_told_at_once_and_steps_now_and_then(work: Work) -> None:
    report = Reporter(work.house.folder.database, work.claim)
    report("encoding", 0, 4)
    assert (work.job()["stage"], work.job()["step"]) == ("encoding", 0)
    report("encoding", 1, 4)
    assert work.job()["step"] == 0, "too soon to be worth a commit"
    report("training", 1, 100)
    assert (work.job()["stage"], work.job()["step"], work.job()["steps"]) == ("training", 1, 100)


@pytest.mark.parametrize("interval", [0.0, 3600.0])
def test_a_lost_claim_is_heard_of_at_the_next_step(
    work: Work, monkeypatch: pytest.MonkeyPatch, interval: float
) -> None:
    monkeypatch.setattr(reporter, "INTERVAL", interval)
    report = Reporter(work.house.folder.database, work.claim)
    report("training", 1, 100)
    work.lose()
    with pytest.raises(ClaimLost):
        report("training", 2, 100)
    assert work.job()["stage"] is None


def test_work_goes_on_while_the_database_is_away(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporter, "INTERVAL", 0.0)
    away = Away(work.house.folder.database, monkeypatch)
    report = Reporter(work.house.folder.database, work.claim)
    report("training", 1, 100)
    away.times = 2
    report("training", 2, 100)
    report("training", 3, 100)
    assert (work.job()["step"], away.times) == (1, 0)
    report("training", 4, 100)
    assert work.job()["step"] == 4
