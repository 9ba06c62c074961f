"""Cancelling a job that is under way: the worker stops at its next step, and does other work."""

from pathlib import Path

from tests.integration.conftest import MakeBase, Trained
from tests.integration.watching import TRAINER, model_with_photos, running_at, train, wait_until
from tests.support.server import Server


def test_work_under_way_ends_at_its_next_step(
    tmp_path: Path, make_base: MakeBase, trained: Trained
) -> None:
    # Left alone, either job would take longer than the test may wait for the third one.
    base = make_base(training=50_000, checkpoint_every=25_000, sampling=50_000)
    data = trained.copy(tmp_path / "data")
    with Server(data, base) as server, server.client() as client:
        generation = client.generate(trained.model_id, "at the beach", numImages=8)
        wait_until(running_at(client, generation, "sampling", 2), 60, "it draws")
        client.cancel(generation)

        model_id = model_with_photos(client, tmp_path)
        training = train(client, model_id)
        wait_until(running_at(client, training, "training", 2), 120, "it learns")
        client.cancel(training)

        wait_until(lambda: not server.processes(TRAINER), 60, "the training's process has ended")
        third = client.generate(trained.model_id, "at the beach", steps=1, width=64, height=64)
        assert client.wait_for_job(third, timeout=600).images
        for job_id in (generation, training):
            job = client.job(job_id)
            assert (job.status, job.error, job.images) == ("failed", "cancelled", [])
        assert client.model(model_id).status == "failed"
