"""Deleting a model in the middle of its jobs is final: nothing of it is left or comes back."""

import time
from pathlib import Path

import httpx
from tests.integration.conftest import MakeBase, Trained
from tests.integration.watching import (
    TRAINER,
    blobs,
    model_with_photos,
    rows,
    running_at,
    train,
    wait_until,
)
from tests.support.server import Server

from likeness.client import Client

PROMPT = "juggling seventeen porcupines"
NAME = "Wilhelmina"


def test_deletion_in_mid_generation(tmp_path: Path, make_base: MakeBase, trained: Trained) -> None:
    data, base = trained.copy(tmp_path / "data"), make_base(sampling=3000)
    with Server(data, base, sweep=1, lease=6) as server, server.client() as client:
        job_ids = [client.generate(trained.model_id, PROMPT, numImages=8) for _ in range(2)]
        wait_until(running_at(client, job_ids[0], "sampling", 3), 60, "it is under way")
        check_deletion(server, client, trained.model_id, job_ids)
        before = client.job(trained.job_id)
        assert (before.status, before.images) == ("success", [])
        assert client.model(model_with_photos(client, tmp_path)).status == "new", "life goes on"


def test_deletion_in_mid_training(tmp_path: Path, make_base: MakeBase) -> None:
    base = make_base(training=5000, checkpoint_every=3)
    with Server(tmp_path / "data", base, sweep=1, lease=6) as server, server.client() as client:
        model_id = model_with_photos(client, tmp_path, name=NAME)
        job_id = train(client, model_id)
        wait_until(running_at(client, job_id, "training", 7), 120, "a checkpoint is written")
        assert any("checkpoints" in key for key in blobs(server.data, f"models/{model_id}"))
        check_deletion(server, client, model_id, [job_id])
        assert server.processes(TRAINER) == []


def check_deletion(server: Server, client: Client, model_id: str, job_ids: list[str]) -> None:
    """Delete the model and look everywhere for what may be left of it."""
    urls = [image.url for image in client.model_images(model_id, size=100)]
    assert all(httpx.get(url).status_code == 200 for url in urls)
    deleted = time.monotonic()
    client.delete_model(model_id)
    wait_until(lambda: not server.processes(TRAINER), 15, "its training process is gone")
    wait_until(lambda: not left_of(server, model_id), 15, "its blobs and words are gone")
    while time.monotonic() < deleted + 8:
        assert left_of(server, model_id) == []
        time.sleep(0.1)
    assert not (server.data / "blobs" / "models" / model_id).exists()
    assert list(server.data.glob("scratch/work/*")) == []
    assert {httpx.get(url).status_code for url in urls} == {404}
    assert client.model(model_id).status == "deleted"
    assert model_id not in {model.id for model in client.models()}
    for job_id in job_ids:
        job = client.job(job_id)
        assert job.status == "failed"
        assert job.error is not None
        assert "cancelled" in job.error
        assert job.images == []
    payloads = rows(server.data, "SELECT payload FROM jobs WHERE model_id = ?", model_id)
    assert {payload for (payload,) in payloads} == {"{}"}
    assert rows(server.data, "SELECT id FROM images WHERE model_id = ?", model_id) == []
    assert rows(server.data, "SELECT id FROM adapters WHERE model_id = ?", model_id) == []


def left_of(server: Server, model_id: str) -> list[str]:
    """Blobs of the model, and words that the bytes of the database still hold in any free page."""
    record = b"".join(path.read_bytes() for path in server.data.glob("likeness.db*"))
    words = [word for word in (PROMPT, NAME) if word.encode() in record]
    return [*blobs(server.data, f"models/{model_id}"), *words]
