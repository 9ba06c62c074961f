"""The transformer learns with its text encoder, resumes, and becomes a base."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.foundry.parts.bases import MANIFEST, RECIPE, tiny_transformers
from tests.foundry.parts.datasets import write_dataset
from tests.foundry.parts.runs import check_resuming, mean_loss

from foundry.dataset import Dataset
from foundry.errors import TooLarge
from foundry.export import check_sizes, export_base
from foundry.latents import Latents
from foundry.networks.text import states_of, tokens_of
from foundry.parts.autoencoder import load_autoencoder
from foundry.parts.transformer import (
    TransformerTask,
    learn_tokenizer,
    load_parts,
)
from foundry.training.loop import train
from likeness.bases import find_base
from likeness.engine.families.fast_zimage import TEXT_BLOCK, FastTransformer
from likeness.engine.loading import load_base
from likeness.engine.sampling import Sampler, SampleRequest

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("foundry")


@pytest.fixture(scope="module")
def data(folder: Path) -> Dataset:
    return write_dataset(folder / "data", people=4, photos=3, size=32)


@pytest.fixture(scope="module")
def make(data: Dataset, folder: Path) -> Callable[[], TransformerTask]:
    return tiny_transformers(data, folder)


@pytest.fixture(scope="module")
def trained(make: Callable[[], TransformerTask], folder: Path) -> TransformerTask:
    task = make()
    train(task, RECIPE, RECIPE.plan, folder / "run")
    return task


def test_it_learns(make: Callable[[], TransformerTask], trained: TransformerTask) -> None:
    steps = range(1000, 1008)

    assert mean_loss(trained, steps) < 0.9 * mean_loss(make(), steps)


def test_every_weight_that_is_used_learns(make: Callable[[], TransformerTask]) -> None:
    task = make()
    for weight in task.network.parameters():
        torch.nn.init.normal_(weight, std=0.1)
    task.losses(1)["loss"].backward()

    without = {
        name
        for name, weight in task.network.named_parameters()
        if weight.requires_grad and (weight.grad is None or not weight.grad.any())
    }

    assert without == {"transformer.x_pad_token"}  # pictures fill their blocks


def test_it_resumes_exactly(make: Callable[[], TransformerTask], tmp_path: Path) -> None:
    check_resuming(make, RECIPE, RECIPE.plan, tmp_path)


def test_latents_are_encoded_once(data: Dataset, folder: Path, trained: TransformerTask) -> None:
    vae = load_autoencoder(folder / "vae", data, CPU)
    before = (folder / "latents.npy").stat().st_mtime_ns

    latents = Latents.of(data, vae, folder / "latents.npy")

    assert (folder / "latents.npy").stat().st_mtime_ns == before
    drawn = latents.draw(np.array([0, 5]), torch.Generator().manual_seed(0))
    assert drawn.shape == (2, 4, 16, 16)


def test_the_export_is_a_base_that_takes_any_words(
    data: Dataset, folder: Path, trained: TransformerTask, tmp_path: Path
) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(MANIFEST))
    vae = load_autoencoder(folder / "vae", data, CPU)

    export_base(folder / "run", vae, manifest, tmp_path / "base")

    assert not any("_name_or_path" in file.read_text() for file in tmp_path.rglob("*.json"))
    request = SampleRequest(("photo of a man", "zyx qwv"), (1, 2), 32, 32)
    pictures = Sampler(find_base(str(tmp_path / "base")), "cpu").sample(
        request, None, lambda *_: None
    )
    assert [picture.size for picture in pictures] == [(32, 32)] * 2


def test_the_product_reads_text_and_noise_as_training_did(
    data: Dataset, folder: Path, trained: TransformerTask, tmp_path: Path
) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(MANIFEST))
    export_base(
        folder / "run", load_autoencoder(folder / "vae", data, CPU), manifest, tmp_path / "b"
    )
    loaded = load_base(find_base(str(tmp_path / "b")), CPU, torch.float32)
    transformer, encoder = load_parts(folder / "run", 4)
    tokenizer = learn_tokenizer(RECIPE, data, folder / "run")
    captions = ["photo of a man, smiling", "a zyx in a red t-shirt at the beach"]
    tokens, lengths = tokens_of(tokenizer, captions, 1, TEXT_BLOCK)
    noise = torch.randn(2, 4, 16, 16, generator=torch.Generator().manual_seed(0))
    time = torch.tensor([0.1, 0.7])

    with torch.no_grad():
        text = states_of(encoder, tokens)
        expected = FastTransformer(transformer)(noise, time, text, lengths)
        states = loaded.encode_text(captions)
        predicted = loaded.predict(noise, time, states)

    # The export is rounded to bfloat16: 8 bits.
    for state, one, length in zip(states, text, lengths.tolist(), strict=True):
        assert torch.allclose(state, one[:length], atol=0.03 * float(one.abs().max()))
    assert torch.allclose(predicted, expected, atol=0.03 * float(expected.abs().max()))


def test_training_begins_with_what_was_exported(
    make: Callable[[], TransformerTask],
    data: Dataset,
    folder: Path,
    trained: TransformerTask,
    tmp_path: Path,
) -> None:
    manifest, base = tmp_path / "manifest.json", tmp_path / "base"
    manifest.write_text(json.dumps(MANIFEST))
    export_base(folder / "run", load_autoencoder(folder / "vae", data, CPU), manifest, base)

    task = make()
    task.begin_with(base)
    tokenizer = learn_tokenizer(RECIPE, data, tmp_path / "run", base)
    vae = load_autoencoder(base, data, CPU)

    steps = range(1000, 1004)
    with torch.no_grad():
        begun, before, fresh = (
            sum(float(one.losses(step)["flow"]) for step in steps)
            for one in (task, trained, make())
        )
    assert abs(begun - before) < 0.2 * (fresh - before)
    assert tokenizer.get_vocab() == learn_tokenizer(RECIPE, data, folder / "run").get_vocab()
    assert next(vae.parameters()).dtype == torch.float32


def test_too_large_files_do_not_ship(tmp_path: Path) -> None:
    (tmp_path / "small.safetensors").write_bytes(bytes(10))
    assert check_sizes(tmp_path) == 10
    (tmp_path / "large.safetensors").write_bytes(bytes(15_000_001))
    with pytest.raises(TooLarge, match=r"large\.safetensors takes 15,000,001 bytes"):
        check_sizes(tmp_path)
