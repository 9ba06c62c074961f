from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from tests.engine.pictures import psnr

from likeness.bases import Base, find_base
from likeness.engine.errors import AdapterMismatch, BadRequest
from likeness.engine.sampling import Reference, Sampler, SampleRequest
from likeness.media.picture import fit

PROMPTS = (
    "photo of ohwx, at the beach",
    "photo of ohwx, wearing a red shirt, in front of a plain white background, looking left",
    "a man",
)
SIZE: dict[str, Any] = {"width": 64, "height": 64}


def nothing(_step: int, _steps: int) -> None: ...


def draw(
    sampler: Sampler, *seeds: int, adapter: Path | None = None, **changes: Any
) -> list[Image.Image]:
    prompts = tuple(PROMPTS[seed % len(PROMPTS)] for seed in seeds)
    options: dict[str, Any] = {"prompts": prompts, "seeds": seeds, **SIZE} | changes
    return sampler.sample(SampleRequest(**options), adapter, nothing)


@pytest.mark.parametrize("size", [(64, 64), (96, 40), (32, 128)])
def test_pictures_have_the_size_asked_for(sampler: Sampler, size: tuple[int, int]) -> None:
    (picture,) = draw(sampler, 0, width=size[0], height=size[1])

    assert picture.size == size
    assert picture.mode == "RGB"


@pytest.mark.parametrize("with_adapter", [False, True])
def test_a_seed_alone_is_the_same_bits_and_in_a_batch_the_same_picture(
    sampler: Sampler, adapter: Path, with_adapter: bool
) -> None:
    used = adapter if with_adapter else None
    alone = [draw(sampler, seed, adapter=used)[0] for seed in (0, 1, 2)]
    again = draw(sampler, 1, adapter=used)[0]
    together = draw(sampler, 0, 1, 2, adapter=used)

    assert again.tobytes() == alone[1].tobytes()
    assert all(psnr(one, other) >= 40 for one, other in zip(alone, together, strict=True))
    assert psnr(alone[0], alone[1]) < 20


@pytest.fixture(scope="module")
def mini() -> Sampler:
    return Sampler(find_base("mini"), "cpu")


def test_so_it_is_on_mini_whose_every_step_draws_noise(mini: Sampler) -> None:
    assert mini.base.manifest.sampling.view
    size: dict[str, Any] = {"width": 128, "height": 128, "steps": 6}
    alone = draw(mini, 1, **size)[0]
    torch.manual_seed(1)  # what the process draws must not matter
    again = draw(mini, 1, **size)[0]
    together = draw(mini, 0, 1, **size)

    assert again.tobytes() == alone.tobytes()
    assert psnr(alone, together[1]) >= 40
    assert psnr(alone, together[0]) < 20


def test_a_fresh_sampler_draws_the_same_bits(tiny: Base, sampler: Sampler) -> None:
    assert draw(Sampler(tiny, "cpu"), 4)[0].tobytes() == draw(sampler, 4)[0].tobytes()


def test_the_adapter_changes_the_picture_and_leaves_no_trace(tiny: Base, adapter: Path) -> None:
    sampler = Sampler(tiny, "cpu")
    before = draw(sampler, 3)[0]
    changed = draw(sampler, 3, adapter=adapter)[0]
    after = draw(sampler, 3)[0]
    changed_again = draw(sampler, 3, adapter=adapter)[0]

    assert psnr(before, changed) < 40
    assert before.tobytes() == after.tobytes()
    assert changed.tobytes() == changed_again.tobytes()


def test_prompt_and_guidance_change_the_picture(sampler: Sampler) -> None:
    plain = draw(sampler, 3)[0]

    assert draw(sampler, 3, prompts=("a man",))[0].tobytes() != plain.tobytes()
    assert draw(sampler, 3, guidance=0.0)[0].tobytes() != plain.tobytes()


def test_a_very_long_prompt_is_cut_not_refused(sampler: Sampler) -> None:
    assert draw(sampler, 3, prompts=("at the beach, " * 500,))[0].size == (64, 64)


@pytest.fixture(scope="module")
def photo(photos: list[Path]) -> Image.Image:
    with Image.open(photos[0]) as file:
        return file.convert("RGB")


def test_more_of_a_reference_stays_the_stronger_it_is(mini: Sampler, photo: Image.Image) -> None:
    wanted = fit(photo, 128, 128)
    options: dict[str, Any] = {"width": 128, "height": 128, "steps": 6}

    def drawn(strength: float) -> Image.Image:
        return draw(mini, 3, reference=Reference(photo, strength), **options)[0]

    near = [psnr(drawn(strength), wanted) for strength in (0, 0.5, 1)]
    assert near == sorted(near)
    assert near[2] > near[0] + 6
    assert psnr(drawn(0), draw(mini, 3, **options)[0]) >= 40


def test_steps_that_a_reference_spares_are_not_counted(
    sampler: Sampler, photo: Image.Image
) -> None:
    seen: list[tuple[int, int]] = []
    request = SampleRequest(PROMPTS[:1], (1,), 64, 64, 4, reference=Reference(photo, 0.5))
    sampler.sample(request, None, lambda *progress: seen.append(progress))

    assert seen == [(1, 2), (2, 2)]


def test_every_step_is_reported(sampler: Sampler) -> None:
    seen: list[tuple[int, int]] = []
    request = SampleRequest(PROMPTS[:1], (1,), 64, 64, steps=3)
    sampler.sample(request, None, lambda *progress: seen.append(progress))

    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_more_steps_than_the_base_takes_become_its_most(sampler: Sampler) -> None:
    seen: list[int] = []
    request = SampleRequest(PROMPTS[:1], (1,), 64, 64, steps=1000)
    sampler.sample(request, None, lambda step, _: seen.append(step))

    assert seen == list(range(1, sampler.base.manifest.sampling.max_steps + 1))


def test_cancelling_comes_out_and_leaves_the_sampler_usable(
    sampler: Sampler, adapter: Path
) -> None:
    class Cancelled(Exception):
        pass

    def cancel(step: int, _steps: int) -> None:
        if step == 2:
            raise Cancelled

    before = draw(sampler, 6)[0]
    with pytest.raises(Cancelled):
        sampler.sample(SampleRequest(PROMPTS[:1], (6,), **SIZE), adapter, cancel)

    assert draw(sampler, 6)[0].tobytes() == before.tobytes()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"prompts": ()}, "0 prompts and 1 seeds"),
        ({"width": 60}, "60 x 64 px.*multiples of 8"),
        ({"height": 0}, "64 x 0 px"),
        ({"steps": 0}, "at least 1 step"),
        ({"guidance": -1.0}, "Guidance must be 0 or more"),
        ({"reference": Reference(Image.new("RGB", (8, 8)), 1.5)}, "Strength must be 0 to 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    sampler: Sampler, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadRequest, match=message):
        draw(sampler, 1, **changes)


def test_an_adapter_of_another_base_is_refused(sampler: Sampler, other_adapter: Path) -> None:
    with pytest.raises(AdapterMismatch, match=r"trained on base tiny .*train the model again"):
        draw(sampler, 1, adapter=other_adapter)

    assert draw(sampler, 1)[0].size == (64, 64)
