"""A data folder with a model that is ready, and bases on which work takes long."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.integration.watching import model_with_photos, train
from tests.support.server import Server

MakeBase = Callable[..., Path]


@dataclass(frozen=True)
class Trained:
    """A stopped data folder with one model that is ready; tests work on copies of it."""

    data: Path
    model_id: str
    job_id: str

    def copy(self, target: Path) -> Path:
        """A folder of the test's own."""
        return Path(shutil.copytree(self.data, target))


@pytest.fixture(scope="session")
def trained(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A model trained on the tiny base, with one generation done."""
    folder = tmp_path_factory.mktemp("trained")
    with Server(folder / "data", tiny_folder) as server, server.client() as client:
        model_id = model_with_photos(client, folder, name="Wilhelmina")
        client.wait_for_job(train(client, model_id), timeout=600)
        job_id = client.generate(model_id, "juggling seventeen porcupines", numImages=2)
        client.wait_for_job(job_id, timeout=600)
    return Trained(server.data, model_id, job_id)


def renamed(base: Path, folder: Path, name: str) -> Path:
    """Make a copy of a base, in `folder`, that has another name."""
    path = Path(shutil.copytree(base, folder)) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "name": name}), "utf-8")
    return folder


@pytest.fixture
def make_base(tiny_folder: Path, tmp_path: Path) -> MakeBase:
    """Make a copy of the tiny base that trains and samples in so many steps."""

    def make(training: int = 8, checkpoint_every: int = 4, sampling: int = 8) -> Path:
        from tests.support.tiny_base import with_steps  # torch: only where a base is made

        folder = Path(shutil.copytree(tiny_folder, tmp_path / "base"))
        steps = {"training": training, "checkpoint_every": checkpoint_every, "sampling": sampling}
        return with_steps(folder, **steps)

    return make
