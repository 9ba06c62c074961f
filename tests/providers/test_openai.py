"""OpenAI's requests."""

from tests.providers.conftest import Draw
from tests.support.photos import small
from tests.support.providers import Providers

from likeness.providers.pictures import PictureOrder

AREA = 1024**2


def test_words_alone(elsewhere: Providers, draw: Draw) -> None:
    order = PictureOrder("gpt-image-2", "openai words", 16 / 9, AREA, "webp", quality="high")

    assert draw("openai", order) == elsewhere.picture

    (request,) = elsewhere.of("openai words")
    assert (request.method, request.path) == ("POST", "images/generations")
    assert request.body == {
        "model": "gpt-image-2",
        "prompt": "openai words",
        "n": 1,
        "size": "1376x768",
        "output_format": "webp",
        "quality": "high",
    }


def test_references_are_sent_as_files(elsewhere: Providers, draw: Draw) -> None:
    photos = (small(shade=1), small(shade=2))
    order = PictureOrder("gpt-image-2", "openai edits", None, AREA, references=photos)

    assert draw("openai", order) == elsewhere.picture

    (request,) = elsewhere.of("openai edits")
    assert request.path == "images/edits"
    assert request.files == {"image[]": list(photos)}
    assert request.body["size"] == request.body["quality"] == "auto"
