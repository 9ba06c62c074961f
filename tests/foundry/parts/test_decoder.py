"""The decoder learns to make clear pictures of what a base guesses; the encoder stays as it is."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.foundry.parts.bases import make_tiny_base
from tests.foundry.parts.datasets import write_dataset
from tests.foundry.parts.runs import TINY_PLAN, check_resuming

from foundry.dataset import Dataset
from foundry.guesses import Guesses
from foundry.networks.autoencoder import decode, encode
from foundry.networks.perception import Perception
from foundry.parts.autoencoder import load_autoencoder
from foundry.parts.decoder import DecoderRecipe, DecoderTask, crops
from foundry.pictures import to_tensor
from foundry.recipe import load_recipe
from foundry.training.loop import train
from likeness.bases import find_base, find_part

RECIPES = Path(__file__).parents[3] / "foundry" / "recipes"
CPU = torch.device("cpu")
PLAN = TINY_PLAN.model_copy(
    update={"steps": 40, "rate": 5e-3, "checkpoint_every": 20, "sheet_every": 40}
)
RECIPE = DecoderRecipe(pictures=12, critic_after=4, plan=PLAN)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return write_dataset(tmp_path_factory.mktemp("data"), people=4, photos=3, size=32)


@pytest.fixture(scope="module")
def base(data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_base(data, tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def guesses(data: Dataset, base: Path, tmp_path_factory: pytest.TempPathFactory) -> Guesses:
    cache = tmp_path_factory.mktemp("guesses") / "guesses.npz"
    return Guesses.of(data, RECIPE.pictures, find_base(str(base)), CPU, cache)


@pytest.fixture(scope="module")
def make(data: Dataset, base: Path, guesses: Guesses) -> Callable[[], DecoderTask]:
    perception = Perception.load(find_part("faces"), CPU)

    def task() -> DecoderTask:
        autoencoder = load_autoencoder(base, data, CPU)
        return DecoderTask(RECIPE, data, guesses, autoencoder, perception, CPU)

    return task


def test_the_recipe_is_valid() -> None:
    assert load_recipe(RECIPES / "decoder-128.toml", DecoderRecipe).pictures > 0


def test_pictures_and_faces_come_nearer_and_the_encoder_stays(
    make: Callable[[], DecoderTask], data: Dataset, base: Path, tmp_path: Path
) -> None:
    task, before = make(), load_autoencoder(base, data, CPU)

    def amiss() -> float:
        with torch.no_grad():
            some = [task.losses(step) for step in range(100, 104)]
        return float(sum(one["pixels"] + one["amiss"] for one in some))

    first = amiss()
    # Long enough that it does not hang on how a processor rounds.
    longer = PLAN.model_copy(update={"steps": 80})
    train(task, RECIPE.model_copy(update={"plan": longer}), longer, tmp_path)
    assert amiss() < 0.9 * first

    task.write(tmp_path)
    written = load_autoencoder(tmp_path, data, CPU)
    pictures = to_tensor(data.pictures(np.arange(4)))
    with torch.no_grad():
        assert torch.equal(encode(written, pictures)[0], encode(before, pictures)[0])
        latents = encode(before, pictures)[0]
        assert not torch.allclose(decode(written, latents), decode(before, latents), atol=0.01)


def test_it_resumes_exactly(make: Callable[[], DecoderTask], tmp_path: Path) -> None:
    check_resuming(make, RECIPE, PLAN, tmp_path)


def test_the_critic_learns_to_tell_and_the_decoder_does_not_teach_it_to_err(
    make: Callable[[], DecoderTask],
) -> None:
    task = make()
    losses = task.losses(100)
    critic = list(task.network["critic"].parameters())
    decoder = list(task.network["decoder"].parameters())

    taught = torch.autograd.grad(losses["told_apart"], critic, retain_graph=True)
    assert any(gradient.any() for gradient in taught)
    for name, weights in (("opinion", critic), ("told_apart", decoder)):
        untouched = torch.autograd.grad(losses[name], weights, retain_graph=True, allow_unused=True)
        assert all(gradient is None for gradient in untouched)


def test_guesses_are_made_once_and_are_means(
    data: Dataset, base: Path, guesses: Guesses, tmp_path: Path
) -> None:
    found, cache = find_base(str(base)), tmp_path / "guesses.npz"
    again = Guesses.of(data, RECIPE.pictures, found, CPU, cache)
    written = cache.stat().st_mtime_ns
    kept = Guesses.of(data, RECIPE.pictures, found, CPU, cache)

    assert cache.stat().st_mtime_ns == written
    assert len(kept) == RECIPE.pictures
    assert np.array_equal(kept.guessed, again.guessed)
    assert np.array_equal(kept.guessed, guesses.guessed)
    assert kept.clean.shape == kept.guessed.shape == (12, 4, 16, 16)
    assert not np.array_equal(kept.clean, kept.guessed)


def test_a_crop_is_the_square_around_the_face() -> None:
    picture = torch.zeros(1, 3, 64, 64)
    picture[:, :, 16:32, 32:48] = 1.0

    crop = crops(picture, torch.tensor([[0.625, 0.375, 0.125]]), 2.0, 8)

    assert torch.allclose(crop, torch.ones(1, 3, 8, 8), atol=1e-5)
