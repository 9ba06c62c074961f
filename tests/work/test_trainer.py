"""What the training process does, without the process."""

from pathlib import Path
from threading import Event

import pytest
from tests.work.conftest import Work

from likeness.jobs import queue
from likeness.models.service import get_model
from likeness.settings import Settings
from likeness.work.trainer import run_training


@pytest.mark.parametrize("kept", [True, False])
def test_a_checkpoint_that_cannot_be_used_is_no_reason_to_fail(
    work: Work, tiny_folder: Path, kept: bool
) -> None:
    folder = work.house.folder
    if kept:
        folder.blobs.put("models/old.safetensors", b"from another base, or damaged")
    with folder.database.write() as transaction:
        queue.save_checkpoint(transaction, work.claim.token, "models/old.safetensors", 5)
    may_run = Event()
    may_run.set()
    settings = Settings.read(**work.house.settings, base=str(tiny_folder), threads=1)
    run_training(folder, settings, work.claim.token, may_run)
    assert work.job()["status"] == "success"
    with folder.database.read() as transaction:
        assert get_model(transaction, work.house.account, work.model_id)["status"] == "ready"
    stored = [blob.key for batch in folder.blobs.list() for blob in batch]
    assert not [key for key in stored if "checkpoint" in key or "old" in key]
    assert list(folder.scratch.glob("work/*")) == []


def test_a_base_that_cannot_be_used_fails_the_job_with_the_reason(
    work: Work, tiny_folder: Path
) -> None:
    settings = Settings.read(**work.house.settings, base=str(tiny_folder), device="mps")
    may_run = Event()
    may_run.set()
    run_training(work.house.folder, settings, work.claim.token, may_run)
    assert work.job()["status"] == "failed"
    assert "'mps' is not on this machine" in work.job()["error"]
