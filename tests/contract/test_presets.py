"""Presets: whole scenes by a tag."""

import httpx
import pytest
from tests.contract.calls import assert_refused, generate, result


def test_presets_are_listed(http: httpx.Client) -> None:
    presets = result(http.get("/presets"))

    tags = [preset["tag"] for preset in presets]
    assert len(tags) >= 40
    assert tags == sorted(set(tags))
    assert "editorial" in tags
    for preset in presets:
        assert set(preset) == {"tag", "name", "description", "width", "height"}
        assert all(preset.values())


def test_preset_says_scene_and_size(http: httpx.Client, trained: str) -> None:
    job = generate(http, {"modelID": trained, "preset": "editorial", "steps": 1})

    (image,) = job["images"]
    data = image["data"]
    assert (data["preset"], data["width"], data["height"]) == ("editorial", 1024, 1280)
    assert "a black dress" in data["fullPrompt"]  # the model is a woman


def test_request_comes_before_the_preset(http: httpx.Client, trained: str) -> None:
    body = {"modelID": trained, "preset": "editorial", "prompt": "laughing", "steps": 1}

    data = generate(http, {**body, "width": 64, "height": 96})["images"][0]["data"]

    assert (data["width"], data["height"]) == (64, 96)
    assert data["prompt"].startswith("laughing, ")


@pytest.mark.parametrize("tag", ["no-such-preset", "../editorial", "\u4eba"])
def test_preset_must_be_known(http: httpx.Client, trained: str, tag: str) -> None:
    answer = http.post("/images/generation", json={"modelID": trained, "preset": tag})

    assert_refused(answer, 400, "no preset with this tag")
