"""Does an adapter make pictures of the person, and does the prompt still decide the rest?

Compares the four people of `examples/people` by `measure`.
"""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from tests.ml.conftest import PEOPLE, silent
from tests.ml.measure import Embeddings, Eye, likeness
from tests.ml.people import Person

from likeness.bases import Identity, prompt_for
from likeness.engine.sampling import Sampler, SampleRequest

pytestmark = pytest.mark.ml

PROMPTS = (
    "smiling, wearing a red t-shirt, at the beach",
    "wearing a green sweater, in front of a plain white background",
    "wearing a blue shirt, in a city at night",
    "wearing a white t-shirt, in front of a plain black background",
    "wearing a yellow sweater, in a park",
    "wearing a black turtleneck, in a library",
    "wearing a purple t-shirt, in an office",
    "wearing a gray jacket, in front of a plain red background",
)
SEEDS = range(100, 108)
# Where clothes and where nothing but background is to be expected, in shares of a picture:
# left, top, right, bottom.
TORSO = (0.25, 0.84, 0.75, 1.0)
CORNERS = ((0.0, 0.0, 0.14, 0.35), (0.86, 0.0, 1.0, 0.35))

Draw = Callable[..., list[Image.Image]]


@pytest.fixture(scope="module")
def draw(sampler: Sampler) -> Draw:
    def pictures(
        identity: Identity, prompts: tuple[str, ...], adapter: Path | None, seed: int = SEEDS.start
    ) -> list[Image.Image]:
        request = SampleRequest(
            prompts=tuple(prompt_for(identity, prompt) for prompt in prompts),
            seeds=tuple(range(seed, seed + len(prompts))),
            width=128,
            height=128,
        )
        return sampler.sample(request, adapter, silent)

    return pictures


@pytest.mark.parametrize("person", PEOPLE, ids=[person.name for person in PEOPLE])
def test_pictures_look_like_the_person(
    person: Person,
    adapters: dict[str, Path],
    draw: Draw,
    eye: Eye,
    held_out: dict[str, Embeddings],
) -> None:
    learned = eye.embeddings(draw(person.identity, PROMPTS, adapters[person.name]))
    before = eye.embeddings(draw(person.identity, PROMPTS, None))
    near = {name: likeness(learned, photos) for name, photos in held_out.items()}
    own = near.pop(person.name)

    assert len(learned) >= len(PROMPTS) - 1  # pictures in which a face is found
    assert own > max(near.values())
    assert own > likeness(before, held_out[person.name])


@pytest.fixture(scope="module", params=PEOPLE, ids=[person.name for person in PEOPLE])
def ask(request: pytest.FixtureRequest, adapters: dict[str, Path], draw: Draw) -> Draw:
    """Four pictures of one person for a prompt; the same four seeds for every prompt."""
    person: Person = request.param

    def four(prompt: str) -> list[Image.Image]:
        return draw(person.identity, (prompt,) * 4, adapters[person.name])

    return four


def test_the_prompt_decides_the_colour_of_clothes(ask: Draw) -> None:
    white, black, red, blue, green = (
        torso(ask(f"wearing a {colour} t-shirt, in front of a plain white background"))
        for colour in ("white", "black", "red", "blue", "green")
    )

    # CIE L*a*b*: lightness, from green to red, from blue to yellow
    assert white[0] > black[0] + 25
    assert red[1] > green[1] + 25
    assert green[2] > blue[2] + 25


def test_the_prompt_decides_the_background(ask: Draw) -> None:
    white, black, blue, yellow = (
        background(ask(f"in front of a plain {colour} background"))
        for colour in ("white", "black", "blue", "yellow")
    )

    assert white[0] > black[0] + 40
    assert yellow[2] > blue[2] + 40


def torso(pictures: list[Image.Image]) -> np.ndarray:
    return np.mean([lab(picture, TORSO) for picture in pictures], axis=0)


def background(pictures: list[Image.Image]) -> np.ndarray:
    return np.mean([lab(picture, box) for picture in pictures for box in CORNERS], axis=0)


def lab(picture: Image.Image, box: tuple[float, float, float, float]) -> np.ndarray:
    """The mean CIE L*a*b* colour of a part of a picture."""
    width, height = picture.size
    part = picture.crop(
        (
            round(box[0] * width),
            round(box[1] * height),
            round(box[2] * width),
            round(box[3] * height),
        )
    )
    pixels = np.asarray(part, dtype=np.float32) / 255
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB).reshape(-1, 3).mean(axis=0)
