"""A tiny random base and one invented person's photos, for all of the engine's tests."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from tests.support.tiny_base import build_tiny_base

from likeness.bases import Base, Identity, TrainingRecipe, find_base, find_part
from likeness.engine.adapter import read_adapter, save_adapter
from likeness.engine.faces import FaceReader
from likeness.engine.rig import Rig
from likeness.engine.sampling import Sampler
from likeness.engine.training import Progress, TrainedAdapter, train

ASHA = Path(__file__).parents[2] / "examples" / "people" / "asha"

Training = Callable[..., TrainedAdapter]


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)  # the networks are so small that a second one only waits


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Base:
    return find_base(str(build_tiny_base(tmp_path_factory.mktemp("bases") / "tiny")))


@pytest.fixture(scope="session")
def sampler(tiny: Base) -> Sampler:
    return Sampler(tiny, "cpu")


@pytest.fixture(scope="session")
def photos() -> list[Path]:
    return sorted((ASHA / "train").glob("*.jpg"))[:4]


Crops = Callable[..., TrainingRecipe]


@pytest.fixture(scope="session")
def reader() -> FaceReader:
    return FaceReader.load(find_part("faces"))


@pytest.fixture(scope="session")
def rig() -> Rig:
    return Rig.load(find_part("rig"))


@pytest.fixture(scope="session")
def crops_of(tiny: Base) -> Crops:
    """A recipe that makes crops at these scales, in sides of the face."""

    def recipe(*scales: float, side: int = 64) -> TrainingRecipe:
        changes = {"crops": scales, "resolution": side}
        return tiny.manifest.training.model_copy(update=changes)

    return recipe


@pytest.fixture
def run(tiny: Base, photos: list[Path], tmp_path: Path) -> Training:
    """`train` on the tiny base with everything that a test does not say otherwise."""

    def silent(*_: object) -> None: ...

    def start(**changes: Any) -> TrainedAdapter:
        options: dict[str, Any] = {
            "base": tiny,
            "photos": photos,
            "identity": Identity("ohwx", "a woman with brown eyes"),
            "device": "cpu",
            "threads": None,
            "folder": tmp_path,
            "resume": None,
            "on_progress": silent,
            "on_checkpoint": silent,
        } | changes
        return train(**options)

    return start


@pytest.fixture(scope="session")
def adapter(tiny: Base, photos: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter trained on the tiny base."""

    def silent(*_: Progress | Path | int) -> None: ...

    return train(
        tiny,
        photos,
        Identity("ohwx", "a woman with brown eyes"),
        device="cpu",
        threads=None,
        folder=tmp_path_factory.mktemp("adapter"),
        resume=None,
        on_progress=silent,
        on_checkpoint=silent,
    ).path


@pytest.fixture
def other_adapter(adapter: Path, tmp_path: Path) -> Path:
    """An adapter whose card names another base."""
    trained = read_adapter(adapter)
    card = trained.card.model_copy(update={"fingerprint": "0123456789abcdef"})
    save_adapter(tmp_path / "other.safetensors", replace(trained, card=card))
    return tmp_path / "other.safetensors"


@pytest.fixture(scope="session")
def far_away() -> Image.Image:
    """Somebody who is far away: the face is a fifth of the picture's height."""
    with Image.open(sorted((ASHA / "train").glob("*.jpg"))[0]) as photo:
        person = photo.convert("RGB").resize((130, 130))
    whole = Image.new("RGB", (320, 240), "teal")
    whole.paste(person, (150, 70))
    return whole
