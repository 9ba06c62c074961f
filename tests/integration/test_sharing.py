"""Pictures do not wait for trainings."""

import time
from pathlib import Path

import pytest
from tests.integration.conftest import MakeBase, Trained
from tests.integration.watching import model_with_photos, running_at, train, wait_until
from tests.support.pace import pace
from tests.support.server import Server


def test_a_generation_is_done_while_three_trainings_are_waiting(
    tmp_path: Path, make_base: MakeBase, trained: Trained, capsys: pytest.CaptureFixture[str]
) -> None:
    data, base = trained.copy(tmp_path / "data"), make_base(training=100_000, checkpoint_every=1000)
    with Server(data, base) as server, server.client() as client:
        models = [model_with_photos(client, tmp_path) for _ in range(3)]
        first, *others = [train(client, model_id) for model_id in models]
        step = wait_until(running_at(client, first, "training"), 120, "the training runs")
        started = time.monotonic()
        job_ids = [client.generate(trained.model_id, "at the beach", numImages=4) for _ in range(2)]
        jobs = [client.wait_for_job(job_id, timeout=600) for job_id in job_ids]
        seconds = time.monotonic() - started
        assert seconds < 40 * pace()
        assert [len(job.images) for job in jobs] == [4, 4]
        with capsys.disabled():
            print(f"\ntwo generations beside three trainings: {seconds:.1f} s")
        assert {client.job(job_id).status for job_id in others} == {"queued"}
        wait_until(running_at(client, first, "training", step + 1), 20, "it goes on")
