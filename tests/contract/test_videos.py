"""Videos of public models, which the server's own base draws."""

import io
from collections.abc import Generator
from typing import Any

import av
import httpx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from tests.contract.calls import UNKNOWN, assert_refused, generate, new_model, result, upload
from tests.media.videos import boxes, footage
from tests.support.photos import encode, small
from tests.support.server import Server
from tests.support.web import web

from likeness.catalog.service import CATALOG
from likeness.media.picture import SYNTHETIC, fit

GROK: dict[str, Any] = {"modelID": "grok-imagine-1.5", "prompt": "a person at the beach"}
SMALL: dict[str, Any] = {"duration": 1, "resolution": "240p"}
OPTIONS = ["duration", "aspectRatio", "ratio", "resolution", "seed", "generateAudio"]
LINK = {"url": "https://example.com/a.jpg"}
KEYS = {"id", "url", "modelID", "jobId", "type", "data", "folderID", "liked", "publicMediaID"}


def small_body(model_id: str = GROK["modelID"], **fields: Any) -> dict[str, Any]:
    """A request for a video that is made quickly."""
    group = CATALOG.videos[model_id].group
    options = {group: {**SMALL, **fields.pop("asked", {})}}
    return {**GROK, "modelID": model_id, "options": options, **fields}


def outcome(http: httpx.Client, body: dict[str, Any]) -> dict[str, Any]:
    """The job of a request, when it is over."""
    job_id = result(http.post("/videos/generation", json=body))["jobId"]
    while True:
        job = result(http.get(f"/jobs/{job_id}", params={"wait": 30}))
        if job["status"] in ("success", "failed"):
            return job


def make(http: httpx.Client, body: dict[str, Any]) -> list[dict[str, Any]]:
    """The videos of a request."""
    job = outcome(http, body)
    assert job["status"] == "success", job
    return job["videos"]


def fetch(video: dict[str, Any]) -> bytes:
    return httpx.get(video["url"]).content


def frames(content: bytes) -> list[NDArray[np.uint8]]:
    with av.open(io.BytesIO(content), "r") as clip:
        return [np.asarray(frame.to_image()) for frame in clip.decode(video=0)]


def portrait() -> Image.Image:
    """A picture, higher than wide, that is easy to encode well."""
    return Image.open(io.BytesIO(small(size=(200, 300), shade=120))).convert("RGB")


@pytest.fixture(scope="module")
def files() -> Generator[str]:
    """A web server with pictures, a video and traps."""
    pages = {
        "/first": encode(portrait(), "PNG"),
        "/last": encode(portrait().transpose(Image.Transpose.FLIP_LEFT_RIGHT), "PNG"),
        "/video": footage(count=30, size=(128, 96)),
        "/page": b"<html>",
    }
    with web(pages, {"/inward": "http://127.0.0.1:1/video"}) as root:
        yield root


def test_record_has_every_key(http: httpx.Client, clip: dict[str, Any]) -> None:
    assert set(clip) == KEYS | {"createdAt", "updatedAt"}
    job = result(http.get(f"/jobs/{clip['jobId']}"))
    assert (job["kind"], job["modelId"]) == ("video", GROK["modelID"])
    assert job["videos"] == [clip]
    assert "images" not in job
    assert result(http.get(f"/videos/{clip['id']}")) == clip
    said = clip["data"]
    assert (clip["modelID"], said["prompt"], said["seed"]) == (*GROK.values(), 7)
    assert said["engine"].startswith("local:")


def test_file_is_what_was_asked_for(clip: dict[str, Any]) -> None:
    content = fetch(clip)
    with av.open(io.BytesIO(content)) as opened:
        (stream,) = opened.streams
        assert isinstance(stream, av.VideoStream)
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == (426, 240)
        assert stream.duration is not None and stream.time_base is not None
        assert stream.duration * stream.time_base == 1
    names = [name for name, _ in boxes(content)]
    assert names.index("moov") < names.index("mdat")
    assert SYNTHETIC.encode() in content


def test_file_opens_without_a_key_and_in_parts(server: Server, clip: dict[str, Any]) -> None:
    whole = httpx.get(clip["url"])
    part = httpx.get(clip["url"], headers={"Range": "bytes=100-199"})

    assert clip["url"].startswith(f"{server.root}/files/{clip['id']}.mp4?sig=")
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["accept-ranges"] == "bytes"
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    assert httpx.head(clip["url"]).headers["content-length"] == str(len(whole.content))


@pytest.mark.parametrize(
    ("model_id", "asked", "size", "seconds"),
    [
        ("seedance-2.0", {"ratio": "9:16", "generateAudio": True}, (240, 426), 1),
        ("veo-3.1", {"duration": "1.5", "aspectRatio": "1:1"}, (240, 240), 1.5),
        ("kling-video-pro", {"aspectRatio": "adaptive", "mode": "pro", "x": None}, (426, 240), 1),
    ],
)
def test_options(
    http: httpx.Client,
    model_id: str,
    asked: dict[str, Any],
    size: tuple[int, int],
    seconds: float,
) -> None:
    (video,) = make(http, small_body(model_id, asked=asked, elementIDs=["element_1"]))

    with av.open(io.BytesIO(fetch(video)), "r") as clip:
        picture = clip.streams.video[0]
        assert (picture.width, picture.height) == size
        assert picture.frames == 24 * seconds
        assert clip.duration is not None
        assert clip.duration / av.time_base == pytest.approx(seconds, abs=0.03)
        sounds = [sound.codec_context.name for sound in clip.streams.audio]
    assert sounds == (["aac"] if asked.get("generateAudio") else [])
    data = video["data"]
    assert (data["width"], data["height"], data["duration"]) == (*size, seconds)


@pytest.mark.parametrize("model_id", CATALOG.videos)
def test_documented_samples_and_every_model_are_taken(
    http: httpx.Client, files: str, model_id: str
) -> None:
    bodies: dict[str, dict[str, Any]] = {
        "grok-imagine-1.5": {
            "numVideos": 1,
            "options": {"grok": {"aspectRatio": "16:9", "duration": 8, "resolution": "720p"}},
        },
        "seedance-2.0": {
            "numVideos": 1,
            "referenceImages": [{**LINK, "role": "first_frame"}],
            "options": {
                "seedance": {
                    "duration": 6,
                    "ratio": "9:16",
                    "resolution": "720p",
                    "generateAudio": False,
                }
            },
        },
    }
    body = {**GROK, "modelID": model_id, "referenceVideos": [f"{files}/video"]}
    answer = result(http.post("/videos/generation", json=body | bodies.get(model_id, {})))

    assert answer == {"jobId": answer["jobId"], "status": "queued"}
    asked = http.post(f"/jobs/{answer['jobId']}/cancel")
    if asked.status_code == 409:  # what it names may be found missing before
        assert asked.json()["err"] == "job_is_over"
        return
    job = result(asked)
    assert (job["status"], job["error"]) == ("failed", "cancelled")
    assert "videos" not in job


def test_several_videos_of_one_job(http: httpx.Client) -> None:
    made = make(http, small_body(numVideos=2, asked={"seed": 3}))

    assert [video["data"]["seed"] for video in made] == [3, 4]
    assert fetch(made[0]) != fetch(made[1])
    listed = http.get("/videos", params={"pageSize": 2}).json()
    assert [video["id"] for video in listed["result"]] == [made[1]["id"], made[0]["id"]]


def test_frames_are_given_by_role(http: httpx.Client, files: str) -> None:
    images = [
        {"url": f"{files}/last", "role": "last_frame"},
        {"url": f"{files}/first", "role": "first_frame"},
    ]
    (video,) = make(http, small_body("seedance-2.0", referenceImages=images))

    shown = frames(fetch(video))
    assert shown[0].shape == (360, 240, 3), "the first frame's ratio, where none is asked for"
    first = fit(portrait(), 240, 360)
    assert psnr(shown[0], first) > 32
    assert psnr(shown[-1], first.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) > 32


def test_pictures_may_be_plain_urls_and_our_own(http: httpx.Client) -> None:
    photo = result(upload(http, new_model(http), encode(portrait()), "auxiliaryType"))

    (video,) = make(http, small_body(referenceImages=[photo["url"]], asked={"aspectRatio": "2:3"}))

    assert psnr(frames(fetch(video))[0], fit(portrait(), 240, 360)) > 32


def test_motion_needs_a_video_and_lasts_as_long(
    http: httpx.Client, files: str, clip: dict[str, Any]
) -> None:
    group = {"kling": {"resolution": "240p"}}
    for link, seconds in ((f"{files}/video", 2.5), (clip["url"], 1)):
        body = {"modelID": "kling-motion-pro", "options": group, "prompt": ""}
        (made,) = make(http, body | {"referenceVideos": [{"url": link, "role": "reference_video"}]})

        assert abs(made["data"]["duration"] - seconds) <= 0.25


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/page", "reference video cannot be used: The file is not a video"),
        ("/missing", "reference video cannot be fetched: it answers 404"),
        ("/inward", "not on the public internet"),
    ],
)
def test_video_that_cannot_be_used(http: httpx.Client, files: str, path: str, words: str) -> None:
    job = outcome(http, small_body("kling-motion-pro", referenceVideos=[files + path]))

    assert job["status"] == "failed"
    assert words in job["error"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (small_body(prompt=" "), "says nothing"),
        (small_body(asked={"duration": 16}), "options.grok.duration: "),
        (small_body(asked={"duration": 0}), "options.grok.duration: "),
        (small_body(asked={"duration": "long"}), "options.grok.duration: "),
        (small_body(asked={"resolution": "4K"}), "480p, 720p or 1080p"),
        (small_body(asked={"resolution": "2160p"}), "480p, 720p or 1080p"),
        (small_body(asked={"aspectRatio": "9:1"}), "aspect ratio"),
        (small_body(asked={"seed": "x"}), "options.grok.seed: "),
        (small_body(options="none"), "options: "),
        (small_body(numVideos=5), "numVideos: "),
        (small_body(numVideos=0), "numVideos: "),
        (small_body(referenceImages=[{**LINK, "role": "hero"}]), "role: "),
        (small_body(referenceImages=[{"role": "first_frame"}]), "url: "),
        (small_body(referenceImages=["file:///etc/passwd"]), "must begin with http"),
        (
            small_body(referenceImages=[{**LINK, "role": "last_frame"}] * 2),
            "one first frame and one last frame",
        ),
        (
            small_body("veo-3.1", referenceImages=[{**LINK, "role": "reference_image"}]),
            "makes videos of 8 s, not 1 s",
        ),
        (small_body("kling-motion-standard"), "Name the video in `referenceVideos`"),
    ],
)
def test_bad_requests(http: httpx.Client, body: dict[str, Any], words: str) -> None:
    assert_refused(http.post("/videos/generation", json=body), 400, words)


@settings(max_examples=60)
@given(
    asked=st.dictionaries(
        st.sampled_from(OPTIONS),
        st.none()
        | st.booleans()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=8),
    )
)
def test_no_options_break_it(http: httpx.Client, asked: dict[str, Any]) -> None:
    # Nothing to make: so whatever the options are, no job is started.
    body = {**GROK, "prompt": "", "options": {"grok": asked}}

    assert http.post("/videos/generation", json=body).status_code == 400


@pytest.mark.parametrize("model_id", [UNKNOWN, "nanobanana", "", "veo"])
def test_model_must_be_a_public_one_that_makes_videos(http: httpx.Client, model_id: str) -> None:
    answer = http.post("/videos/generation", json={**GROK, "modelID": model_id})

    assert_refused(answer, 404, "no public video model")


def test_pages_are_newest_first(http: httpx.Client, clip: dict[str, Any]) -> None:
    every = http.get("/videos", params={"pageSize": 100}).json()
    assert (every["page"], every["pageSize"], every["status"]) == (1, 100, "OK")
    ids = [record["id"] for record in every["result"]]
    assert clip["id"] in ids
    assert ids == sorted(ids, reverse=True)
    second = http.get("/videos", params={"pageNum": 2, "pageSize": 1}).json()
    assert [record["id"] for record in second["result"]] == ids[1:2]
    assert http.get("/videos", params={"pageNum": 999}).json()["result"] == []
    assert_refused(http.get("/videos", params={"pageSize": 101}), 400, "pageSize")


def test_download_is_ready_as_soon_as_the_video_is(
    http: httpx.Client, clip: dict[str, Any]
) -> None:
    ready = {"percentComplete": 100, "status": "ready", "url": clip["url"]}
    assert result(http.get(f"/videos/{clip['id']}/download")) == ready
    for _ in range(2):
        said = result(http.get(f"/videos/{clip['id']}/create-download"))
        assert isinstance(said, str) and said
    assert result(http.get(f"/videos/{clip['id']}/download")) == ready


def test_deleted_video_is_gone(http: httpx.Client, server: Server) -> None:
    (video,) = make(http, small_body())
    before = set(server.data.glob("blobs/**/*.mp4"))

    assert result(http.delete(f"/videos/{video['id']}")) == "Video deleted"

    assert len(before - set(server.data.glob("blobs/**/*.mp4"))) == 1
    assert httpx.get(video["url"]).status_code == 404
    for path in ("", "/create-download", "/download"):
        assert_refused(http.get(f"/videos/{video['id']}{path}"), 404, "no video with this id")
    assert_refused(http.delete(f"/videos/{video['id']}"), 404)
    assert "videos" not in result(http.get(f"/jobs/{video['jobId']}"))
    body = small_body("kling-motion-pro", referenceVideos=[video["url"]])
    assert_refused(http.post("/videos/generation", json=body), 400, "deleted")


def test_our_client(server: Server) -> None:
    with server.client() as client:
        job_id = client.generate_video("grok-imagine-1.5", "a man", options={"grok": SMALL})
        (video,) = client.wait_for_job(job_id).videos

        assert client.video(video.id) == client.videos(size=1)[0] == video
        assert client.create_video_download(video.id)
        assert client.video_download(video.id) == video.url
        assert client.download(video)[4:8] == b"ftyp"
        client.delete_video(video.id)
        assert video not in client.videos()


def test_a_video_is_no_picture(http: httpx.Client, clip: dict[str, Any]) -> None:
    answer = http.post("/videos/generation", json=small_body(referenceImages=[clip["url"]]))

    assert_refused(answer, 400, "deleted")


def psnr(one: NDArray[np.uint8], other: Image.Image) -> float:
    error = float(np.mean((one.astype(np.float64) - np.asarray(other)) ** 2))
    return 10 * float(np.log10(255**2 / max(error, 1e-9)))


def test_images_of_a_job_stay_images(http: httpx.Client) -> None:
    options = {"gemini": {"imageSize": "64x64"}}
    job = generate(http, {"modelID": "nanobanana", "prompt": "a man", "options": options})

    assert "videos" not in job
