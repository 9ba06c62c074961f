"""Work that stands still is ended and tried again, and fails with the reason in the end."""

import signal
from pathlib import Path

import psutil
from tests.integration.conftest import MakeBase, Trained
from tests.integration.watching import (
    TRAINER,
    WORKER,
    model_with_photos,
    over,
    running_at,
    train,
    wait_until,
)
from tests.support.pace import pace
from tests.support.server import Server


def test_a_training_that_stands_still(tmp_path: Path, make_base: MakeBase) -> None:
    base = make_base(training=100_000, checkpoint_every=100_000)
    stall = round(40 * pace())  # longer than the imports beside other tests: nothing moves in them
    server = Server(tmp_path / "data", base, stall=stall, lease=3, attempts=2)
    with server, server.client() as client:
        model_id = model_with_photos(client, tmp_path)
        job_id = train(client, model_id)
        wait_until(running_at(client, job_id, "training"), 120, "the training runs")
        frozen = freeze_training(server)
        wait_until(lambda: not frozen.is_running(), 70, "it is killed")
        assert freeze_training(server) != frozen
        job = over(client, job_id, 70)
        assert job.status == "failed"
        assert job.error == f"It made no progress for {stall} s. This was attempt 2 of 2."
        assert client.model(model_id).status == "failed"
        assert server.processes(TRAINER) == []


def freeze_training(server: Server) -> psutil.Process:
    """Stop the training process."""
    (process,) = wait_until(lambda: server.processes(TRAINER), 60, "there is a training process")
    process.send_signal(signal.SIGSTOP)
    return process


def test_a_generation_past_its_deadline(
    tmp_path: Path, make_base: MakeBase, trained: Trained
) -> None:
    data, base = trained.copy(tmp_path / "data"), make_base(sampling=100_000)
    deadline = round(15 * pace())
    server = Server(data, base, generation_deadline=deadline, lease=3, attempts=1)
    with server, server.client() as client:
        endless = client.generate(trained.model_id, "in a city at night")
        wait_until(running_at(client, endless, "sampling"), 60, "it is under way")
        (worker,) = server.processes(WORKER)
        quick = client.generate(trained.model_id, "at the beach", steps=2)
        assert len(client.wait_for_job(quick, timeout=600).images) == 1
        failed = client.job(endless)
        assert failed.status == "failed"
        assert failed.error == (
            f"It took longer than its deadline of {deadline} s. This was attempt 1 of 1."
        )
        assert server.processes(WORKER) != [worker], "only its end could end the work"


def test_a_frozen_worker_is_replaced(tmp_path: Path, make_base: MakeBase, trained: Trained) -> None:
    data, base = trained.copy(tmp_path / "data"), make_base(sampling=400)
    with Server(data, base, lease=3, sweep=1) as server, server.client() as client:
        job_id = client.generate(trained.model_id, "at the beach")
        wait_until(running_at(client, job_id, "sampling"), 60, "the generation is under way")
        (frozen,) = server.processes(WORKER)
        frozen.send_signal(signal.SIGSTOP)
        assert len(client.wait_for_job(job_id, timeout=600).images) == 1
        assert not frozen.is_running()
