"""Videos of every provider: the task, its end, its file."""

from pathlib import Path

import pytest
from tests.providers.conftest import Film
from tests.support.photos import small
from tests.support.providers import VIDEO, Providers

from likeness.providers.errors import (
    ProviderClosed,
    ProviderError,
    ProviderRefuses,
    ProviderRejects,
    TaskFailed,
    WrongAnswer,
)
from likeness.providers.makers import MAKERS
from likeness.providers.videos import VideoOrder

KEY_HEADERS = ("x-goog-api-key", "authorization")


@pytest.mark.parametrize("name", MAKERS)
def test_a_video(elsewhere: Providers, film: Film, tmp_path: Path, name: str) -> None:
    elsewhere.looks.clear()

    (task,) = film(name, VideoOrder("m", f"{name} films"), tmp_path / "video")

    assert (tmp_path / "video").read_bytes() == VIDEO
    assert task.endswith("task-done")
    assert len(elsewhere.of(f"{name} films")) == 1
    assert elsewhere.looks.total() == 2
    for headers in elsewhere.fetched:
        assert not any(headers[header] for header in KEY_HEADERS), "keys stay with their provider"


@pytest.mark.parametrize("name", MAKERS)
def test_a_task_goes_on(elsewhere: Providers, film: Film, tmp_path: Path, name: str) -> None:
    (task,) = film(name, VideoOrder("m", f"{name} once"), tmp_path / "video")

    assert film(name, VideoOrder("m", f"{name} once"), tmp_path / "again", task) == []

    assert (tmp_path / "again").read_bytes() == VIDEO
    assert len(elsewhere.of(f"{name} once")) == 1, "what is under way is not paid for again"


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("<refused>", ProviderRefuses),
        ("<failed>", TaskFailed),
        ("<nothing>", ProviderError),
        ("[bad]", ProviderRejects),
        ("[poor]", ProviderClosed),
        ("[empty]", WrongAnswer),
        ("[text]", WrongAnswer),
    ],
)
def test_trouble(
    elsewhere: Providers,
    film: Film,
    tmp_path: Path,
    name: str,
    words: str,
    kind: type[ProviderError],
) -> None:
    elsewhere.looks.clear()
    with pytest.raises(kind):
        film(name, VideoOrder("m", f"{name} cannot {words}"), tmp_path / "video")


@pytest.mark.parametrize("name", MAKERS)
def test_a_submission_that_may_have_been_taken(
    elsewhere: Providers, film: Film, tmp_path: Path, name: str
) -> None:
    with pytest.raises(ProviderError):
        film(name, VideoOrder("m", f"{name} submits [down]"), tmp_path / "video")
    assert len(elsewhere.of(f"{name} submits [down]")) == 1

    elsewhere.looks.clear()
    film(name, VideoOrder("m", f"{name} submits [busy 2]"), tmp_path / "video")
    assert len(elsewhere.of(f"{name} submits [busy 2]")) == 3


@pytest.mark.parametrize("name", ["byteplus", "xai", "kling"])
def test_a_page_in_place_of_a_video(
    elsewhere: Providers, film: Film, tmp_path: Path, name: str
) -> None:
    elsewhere.looks.clear()
    with pytest.raises(WrongAnswer) as caught:
        film(name, VideoOrder("m", f"{name} shows a <page>"), tmp_path / "video")
    assert "no MP4" in caught.value.detail


def test_a_key_is_not_shown_to_other_addresses(
    elsewhere: Providers, film: Film, tmp_path: Path
) -> None:
    count = len(elsewhere.fetched)

    film("google", VideoOrder("m", "google redirects"), tmp_path / "video")

    (headers,) = elsewhere.fetched[count:]
    assert headers["x-goog-api-key"] is None


def test_frames(elsewhere: Providers, film: Film, tmp_path: Path) -> None:
    first, last = small(shade=1), small(shade=2)
    for name in MAKERS:
        order = VideoOrder("m", f"{name} frames", first_frame=first, last_frame=last)
        film(name, order, tmp_path / "video")
    sent = {name: elsewhere.of(f"{name} frames")[0] for name in MAKERS}

    (instance,) = sent["google"].body["instances"]
    assert instance["image"]["mimeType"] == instance["lastFrame"]["mimeType"] == "image/jpeg"
    roles = [part.get("role") for part in sent["byteplus"].body["content"]]
    assert roles == [None, "first_frame", "last_frame"]
    assert sent["xai"].body["image"]["url"].startswith("data:image/jpeg;base64,")
    assert sent["kling"].path == "videos/image2video"
    assert {"image", "image_tail"} <= sent["kling"].body.keys()


def test_references(elsewhere: Providers, film: Film, tmp_path: Path) -> None:
    photos = (small(shade=1), small(shade=2))
    for name in ("google", "byteplus", "xai"):
        film(name, VideoOrder("m", f"{name} refers", references=photos), tmp_path / "video")
    sent = {name: elsewhere.of(f"{name} refers")[0].body for name in ("google", "byteplus", "xai")}

    kinds = [one["referenceType"] for one in sent["google"]["instances"][0]["referenceImages"]]
    assert kinds == ["asset", "asset"]
    assert [part.get("role") for part in sent["byteplus"]["content"]][1:] == 2 * ["reference_image"]
    assert len(sent["xai"]["reference_images"]) == 2


def test_options(elsewhere: Providers, film: Film, tmp_path: Path) -> None:
    for name in MAKERS:
        order = VideoOrder(
            "m",
            f"{name} options",
            negative_prompt="blur",
            ratio="9:16",
            seconds=6,
            resolution="720p",
            audio=True,
            seed=7,
            grade="pro",
        )
        film(name, order, tmp_path / "video")
    sent = {name: elsewhere.of(f"{name} options")[0].body for name in MAKERS}

    assert sent["google"]["parameters"] == {
        "aspectRatio": "9:16",
        "durationSeconds": 6,
        "resolution": "720p",
        "negativePrompt": "blur",
        "seed": 7,
    }
    wanted = {"ratio": "9:16", "duration": 6, "resolution": "720p", "generate_audio": True}
    assert wanted.items() <= sent["byteplus"].items()
    assert sent["byteplus"]["watermark"] is False
    wanted = {"aspect_ratio": "9:16", "duration": 6, "resolution": "720p"}
    assert wanted.items() <= sent["xai"].items()
    wanted = {"aspect_ratio": "9:16", "duration": "6", "sound": "on", "mode": "pro"}
    assert wanted.items() <= sent["kling"].items()


def test_motion(elsewhere: Providers, film: Film, tmp_path: Path) -> None:
    order = VideoOrder(
        "kling-v3",
        "kling moves",
        references=(small(),),
        videos=("https://example.com/dance.mp4",),
        orientation="image",
        keep_sound=False,
    )
    film("kling", order, tmp_path / "video")
    film(
        "byteplus",
        VideoOrder("m", "byteplus moves", videos=("https://example.com/a.mp4",)),
        tmp_path / "video",
    )

    request = elsewhere.of("kling moves")[0]
    assert request.path == "videos/motion-control"
    assert request.body["video_url"] == "https://example.com/dance.mp4"
    assert request.body["character_orientation"] == "image"
    assert request.body["keep_original_sound"] == "no"
    (video,) = elsewhere.of("byteplus moves")[0].body["content"][1:]
    assert (video["role"], video["video_url"]["url"]) == (
        "reference_video",
        "https://example.com/a.mp4",
    )
