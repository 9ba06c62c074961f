import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn

from likeness.bases import Base, TrainingRecipe, find_base
from likeness.engine.errors import LoadFailed
from likeness.engine.faces import FaceReader
from likeness.engine.families.family import LoadedBase
from likeness.engine.loading import load_base
from likeness.engine.photos import crop_photos

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def loaded(tiny: Base) -> LoadedBase:
    return load_base(tiny, CPU, torch.float32)


Crops = Callable[..., TrainingRecipe]


@pytest.fixture(scope="module")
def mini() -> LoadedBase:
    return load_base(find_base("mini"), CPU, torch.float32)


def test_latents_follow_the_autoencoder(loaded: LoadedBase, mini: LoadedBase) -> None:
    assert loaded.latent_shape(64, 96) == (8, 24, 16)
    assert mini.latent_shape(128, 128) == (12, 16, 16)


def test_latents_are_normalised(
    mini: LoadedBase, photos: list[Path], reader: FaceReader, crops_of: Crops
) -> None:
    crops = crop_photos(photos, reader, crops_of(2.5, side=128), lambda _: None)
    latents = mini.encode_picture(torch.stack([crop.pixels for crop in crops]))

    assert latents.shape == (4, 12, 16, 16)
    assert abs(latents.mean()) < 0.3
    assert 0.6 < latents.std() < 1.4


def test_time_runs_from_noise_to_picture(loaded: LoadedBase) -> None:
    clean, noise = torch.ones(2, 8, 4, 4), torch.zeros(2, 8, 4, 4)
    noisy = loaded.noisy(clean, noise, torch.tensor([0.25, 1.0]))

    assert (noisy[0] == 0.25).all() and (noisy[1] == 1).all()
    assert torch.equal(loaded.target(clean, noise), clean - noise)


@pytest.mark.parametrize(
    "prompts",
    [("a man", "a woman with brown eyes"), ("a man", "wearing a red shirt, at the beach, " * 4)],
    ids=["of one padded length", "of two"],
)
def test_a_prediction_is_the_network_s_own(loaded: LoadedBase, prompts: tuple[str, ...]) -> None:
    generator = torch.Generator().manual_seed(0)
    noisy, time = torch.randn(2, 8, 16, 16, generator=generator), torch.tensor([0.2, 0.8])
    texts = loaded.encode_text(prompts)

    with torch.no_grad():
        predicted = loaded.predict(noisy, time, texts)
        samples = list(noisy.unsqueeze(2).unbind(0))
        own = torch.stack(loaded.network(samples, time, texts, return_dict=False)[0]).squeeze(2)

    assert torch.allclose(predicted, own, atol=1e-4, rtol=1e-4)


def test_the_trained_network_agrees_with_these_conventions(
    mini: LoadedBase, photos: list[Path], reader: FaceReader, crops_of: Crops
) -> None:
    """mini is trained: turned the other way round, it would predict worse than nothing."""
    crops = crop_photos(photos, reader, crops_of(2.5, side=128), lambda _: None)
    clean = mini.encode_picture(torch.stack([crop.pixels for crop in crops]))
    noise = torch.randn(clean.shape, generator=torch.Generator().manual_seed(0))
    texts = mini.encode_text(["a portrait photo of a woman"] * 4)
    target = mini.target(clean, noise)

    for time in (0.3, 0.6):
        times = torch.full((4,), time)
        with torch.no_grad():
            predicted = mini.predict(mini.noisy(clean, noise, times), times, texts)
        assert ((predicted - target) ** 2).mean() < 0.5 * (target**2).mean()


def test_texts_do_not_depend_on_their_neighbours(loaded: LoadedBase) -> None:
    short, long = "a man", "a woman with brown eyes, wearing a red shirt, at the beach"
    alone, beside = loaded.encode_text([short])[0], loaded.encode_text([long, short])[1]

    assert torch.equal(alone, beside)
    assert len(alone) < len(loaded.encode_text([long])[0])


def test_adapters_go_into_every_block_but_not_where_samples_are_joined(
    loaded: LoadedBase,
) -> None:
    import re

    names = [
        name
        for name, part in loaded.network.named_modules()
        if isinstance(part, nn.Linear) and re.fullmatch(loaded.adapter_targets, name)
    ]

    # 2 layers and 1 block of each refiner; 4 projections of attention and 3 of feed-forward
    assert len(names) == (2 + 1 + 1) * 7


def test_a_folder_without_weights_cannot_be_loaded(tiny: Base, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(tiny.folder, tmp_path / "copy"))
    (copy / "transformer" / "diffusion_pytorch_model.safetensors").unlink()

    with pytest.raises(LoadFailed, match="cannot be loaded"):
        load_base(find_base(str(copy)), CPU, torch.float32)
