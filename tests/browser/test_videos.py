"""A video in a real browser, from the URL that its record has."""

from typing import Any

import pytest
from selenium import webdriver
from tests.contract.calls import video
from tests.support.server import Server

pytestmark = pytest.mark.browser

PLAY = """
const [url, done] = arguments;
const video = document.createElement("video");
video.muted = true;
const told = (what) => done({
    what, error: video.error && video.error.message, width: video.videoWidth,
    height: video.videoHeight, seconds: video.duration, at: video.currentTime,
    shown: video.getVideoPlaybackQuality().totalVideoFrames, colours,
});
const colours = [];
const look = () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    const pen = canvas.getContext("2d");
    pen.drawImage(video, 0, 0);
    const pixels = pen.getImageData(0, 0, canvas.width, canvas.height).data;
    const data = pixels.filter((_, index) => index % 4 < 3);  // without alpha
    colours.push(data.reduce((sum, value) => sum + value, 0) / data.length);
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
    assert all(20 < colour < 250 for colour in told["colours"]), "and it is not black"
