"""A video in a real browser, from the URL that its record has."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from selenium import webdriver
from tests.contract.calls import images, new_model, result, upload, video, wait_for_job
from tests.support.server import Server

ASHA = Path(__file__).parents[2] / "examples" / "people" / "asha" / "held-out" / "01.jpg"

pytestmark = pytest.mark.browser

PLAY = """
const [url, done] = arguments;
const video = document.createElement("video");
video.muted = true;
const told = (what) => done({
    what, error: video.error && video.error.message, width: video.videoWidth,
    height: video.videoHeight, seconds: video.duration, at: video.currentTime,
    shown: video.getVideoPlaybackQuality().totalVideoFrames, seen,
});
const seen = [];
const look = () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [64, 64];
    const pen = canvas.getContext("2d");
    pen.drawImage(video, 0, 0, 64, 64);
    const pixels = pen.getImageData(0, 0, 64, 64).data;
    seen.push(Array.from(pixels.filter((_, index) => index % 4 < 3)));  // without alpha
};
video.onplaying = look;
video.onended = () => { look(); told("ended"); };
video.onerror = () => told("error");
video.src = url;
document.body.append(video);
video.play().catch((error) => told(String(error)));
"""


def play(browser: webdriver.Chrome, server: Server, url: str) -> dict[str, Any]:
    """What a browser has to say of a video that it has played to its end."""
    browser.get(f"{server.api}/docs")  # a page of the same origin, whose pixels may be read
    browser.set_script_timeout(60)
    return browser.execute_async_script(PLAY, url)


@pytest.mark.parametrize("audio", [False, True])
def test_it_plays_to_its_end(browser: webdriver.Chrome, server: Server, audio: bool) -> None:
    with server.http() as http:
        (made,) = video(http, aspectRatio="16:9", generateAudio=audio)

    told = play(browser, server, made["url"])

    assert told["what"] == "ended", told
    assert (told["width"], told["height"]) == (made["data"]["width"], made["data"]["height"])
    assert told["seconds"] == pytest.approx(made["data"]["duration"], abs=0.1)
    assert told["shown"] >= 12
    assert all(20 < np.mean(picture) < 250 for picture in told["seen"]), "and it is not black"


def test_somebody_moves_in_it(browser: webdriver.Chrome, server: Server) -> None:
    with server.http() as http:
        model_id = new_model(http)
        assert upload(http, model_id, ASHA.read_bytes(), "auxiliaryType").status_code == 200
        (photo,) = images(http, model_id)
        first = {"url": photo["url"], "role": "first_frame"}
        options = {"seedance": {"duration": 2, "resolution": "240p"}}
        body = {"modelID": "seedance-2.0", "prompt": "she turns to the right"}
        answer = http.post(
            "/videos/generation", json={**body, "referenceImages": [first], "options": options}
        )
        (made,) = wait_for_job(http, result(answer)["jobId"])["videos"]

    told = play(browser, server, made["url"])

    assert told["what"] == "ended", told
    start, end = (np.reshape(told["seen"][place], (64, 64, 3)) for place in (0, -1))
    change = np.abs(start - end).mean(axis=2)
    assert change[15:35, 20:45].mean() > 15, "her head is elsewhere"
    assert change[:10, :8].mean() < 4, "and the wall is where it was"
