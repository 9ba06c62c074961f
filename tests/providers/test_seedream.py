"""Seedream's requests and answers."""

import pytest
from tests.providers.conftest import Draw
from tests.support.photos import small
from tests.support.providers import Providers

from likeness.providers.errors import ProviderRefuses
from likeness.providers.pictures import PictureOrder, data_url

NEW, OLD = "seedream-4-5-251128", "seedream-4-0-250828"


def test_words_and_references(elsewhere: Providers, draw: Draw) -> None:
    photos = (small(shade=1), small(shade=2))
    order = PictureOrder(NEW, "seedream all", 3 / 4, 2048**2, references=photos)

    assert draw("byteplus", order) == elsewhere.picture

    (request,) = elsewhere.of("seedream all")
    assert request.path == "images/generations"
    assert request.body == {
        "model": NEW,
        "prompt": "seedream all",
        "size": "1776x2368",
        "response_format": "b64_json",
        "sequential_image_generation": "disabled",
        "watermark": False,
        "image": [data_url(photo) for photo in photos],
    }


@pytest.mark.parametrize(
    ("model", "side", "size"),
    [
        (OLD, 1024, "1024x1024"),
        (NEW, 1024, "1920x1920"),
        (NEW, 4096, "4096x4096"),
        ("seedream-5-0-lite-260128", 4096, "3216x3216"),
        ("my-own-endpoint", 512, "1920x1920"),
    ],
)
def test_sizes_of_models(
    elsewhere: Providers, draw: Draw, model: str, side: int, size: str
) -> None:
    prompt = f"seedream {model} at {side}"
    draw("byteplus", PictureOrder(model, prompt, None, side**2))

    assert elsewhere.of(prompt)[0].body["size"] == size


@pytest.mark.parametrize(("side", "size"), [(1024, "2K"), (4096, "4K")])
def test_the_shape_of_references(elsewhere: Providers, draw: Draw, side: int, size: str) -> None:
    prompt = f"seedream like this at {side}"
    draw("byteplus", PictureOrder(NEW, prompt, None, side**2, references=(small(),)))

    assert elsewhere.of(prompt)[0].body["size"] == size


def test_a_filter_of_the_picture(draw: Draw) -> None:
    with pytest.raises(ProviderRefuses, match="BytePlus declined this under its safety policy"):
        draw("byteplus", PictureOrder(NEW, "seedream [filtered]", 1, 1024**2))
