"""Gemini's requests and answers."""

import base64

import pytest
from tests.providers.conftest import Draw
from tests.support.photos import small
from tests.support.providers import Providers

from likeness.providers.errors import NothingMade, ProviderRefuses
from likeness.providers.pictures import PictureOrder

PRO = "gemini-3-pro-image-preview"


def test_words_and_references(elsewhere: Providers, draw: Draw) -> None:
    photo = small(shade=3)
    order = PictureOrder(
        PRO, "gemini all", 0.76, 2000**2, safety="BLOCK_ONLY_HIGH", references=(photo,)
    )

    assert draw("google", order) == elsewhere.picture, "a thought is not the picture"

    (request,) = elsewhere.of("gemini all")
    assert request.path == f"models/{PRO}:generateContent"
    words, image = request.body["contents"][0]["parts"]
    assert words == {"text": "gemini all"}
    assert image["inlineData"]["mimeType"] == "image/jpeg"
    assert base64.b64decode(image["inlineData"]["data"]) == photo
    assert request.body["generationConfig"]["imageConfig"] == {
        "aspectRatio": "3:4",
        "imageSize": "2K",
    }
    settings = request.body["safetySettings"]
    assert len(settings) == 4
    assert {setting["threshold"] for setting in settings} == {"BLOCK_ONLY_HIGH"}


def test_a_model_of_one_size_is_told_none(elsewhere: Providers, draw: Draw) -> None:
    draw("google", PictureOrder("gemini-2.5-flash-image", "gemini plain", None, 1024**2))

    (request,) = elsewhere.of("gemini plain")
    assert "imageConfig" not in request.body["generationConfig"]
    assert "safetySettings" not in request.body


@pytest.mark.parametrize(
    ("ratio", "words"), [(1, "1:1"), (0.25, "9:16"), (4, "21:9"), (1.3, "4:3"), (1.6, "3:2")]
)
def test_the_nearest_ratio(elsewhere: Providers, draw: Draw, ratio: float, words: str) -> None:
    prompt = f"gemini at {ratio}"
    draw("google", PictureOrder(PRO, prompt, ratio, 512**2))

    config = elsewhere.of(prompt)[0].body["generationConfig"]["imageConfig"]
    assert config == {"aspectRatio": words, "imageSize": "1K"}


def test_words_in_place_of_a_picture(elsewhere: Providers, draw: Draw) -> None:
    with pytest.raises(NothingMade, match="Google answered, and made nothing"):
        draw("google", PictureOrder(PRO, "gemini [words]", 1, 1024**2))
    assert len(elsewhere.of("gemini [words]")) == 4, "it is asked again"


def test_a_filter_that_ends_the_answer(draw: Draw) -> None:
    with pytest.raises(ProviderRefuses, match="safety policy") as caught:
        draw("google", PictureOrder(PRO, "gemini [refuse]", 1, 1024**2))
    assert "IMAGE_SAFETY" in caught.value.detail
