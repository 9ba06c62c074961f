import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from likeness.bases import Base
from likeness.engine.adapter import Adapter, read_adapter, save_adapter
from likeness.engine.families.family import LoadedBase
from likeness.engine.loading import load_base
from likeness.engine.shelf import AdapterShelf


@pytest.fixture
def loaded(tiny: Base) -> LoadedBase:
    return load_base(tiny, torch.device("cpu"), torch.float32)


@pytest.fixture
def files(adapter: Path, tmp_path: Path) -> list[Path]:
    """Four adapters, the nth n + 1 times as strong as the first."""
    trained = read_adapter(adapter)
    paths = [tmp_path / f"{number}.safetensors" for number in range(4)]
    for number, path in enumerate(paths):
        louder = {key: value * (number + 1) for key, value in trained.weights.items()}
        save_adapter(path, Adapter(trained.card, louder, trained.lora_config))
    return paths


def answer(loaded: LoadedBase) -> torch.Tensor:
    noise = torch.ones(1, *loaded.latent_shape(64, 64))
    with torch.no_grad():
        return loaded.predict(noise, torch.tensor([0.5]), loaded.encode_text(["a man"]))


def held(loaded: LoadedBase) -> int:
    network: Any = loaded.network
    return len(network.peft_config)


def test_only_the_applied_adapter_speaks(tiny: Base, loaded: LoadedBase, files: list[Path]) -> None:
    shelf = AdapterShelf(tiny, loaded)
    plain = answer(loaded)
    answers: list[torch.Tensor] = []
    for file in files:
        shelf.apply(file)
        answers.append(answer(loaded))
    shelf.apply(None)

    assert torch.equal(answer(loaded), plain)
    assert len({float((one - plain).norm()) for one in answers}) == len(files)
    shelf.apply(files[1])
    assert torch.equal(answer(loaded), answers[1])


def test_the_one_unused_for_longest_makes_way(
    tiny: Base, loaded: LoadedBase, files: list[Path]
) -> None:
    shelf = AdapterShelf(tiny, loaded, room=2)
    shelf.apply(files[0])
    first = answer(loaded)
    for file in (*files, *files):
        shelf.apply(file)
        assert held(loaded) <= 2
    shelf.apply(files[0])

    assert torch.equal(answer(loaded), first)


def test_a_file_that_was_written_again_is_read_again(
    tiny: Base, loaded: LoadedBase, files: list[Path]
) -> None:
    shelf = AdapterShelf(tiny, loaded)
    shelf.apply(files[3])
    strong = answer(loaded)
    shelf.apply(files[0])
    files[0].write_bytes(files[3].read_bytes())
    os.utime(files[0], ns=(1, 1))
    shelf.apply(files[0])

    assert torch.equal(answer(loaded), strong)


def test_an_adapter_speaks_as_strongly_as_the_base_wants(
    tiny: Base, loaded: LoadedBase, files: list[Path]
) -> None:
    AdapterShelf(tiny, loaded).apply(files[0])
    expected = answer(loaded)

    # Both factors of the second adapter are twice as large.
    sampling = tiny.manifest.sampling.model_copy(update={"adapter_strength": 0.25})
    manifest = tiny.manifest.model_copy(update={"sampling": sampling})
    again = load_base(tiny, torch.device("cpu"), torch.float32)
    AdapterShelf(replace(tiny, manifest=manifest), again).apply(files[1])

    assert torch.allclose(answer(again), expected, atol=1e-5)
