"""Other people's videos: pictures out of them, and nothing else."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.media.pictures import assert_colour
from tests.media.videos import footage
from tests.support.photos import small

from likeness.media.footage import UnreadableVideo, VideoTooLarge, pictures_of

ROOM = 1_000_000
WHOLE = footage()


def read(
    content: bytes, max_pixels: int = ROOM, rate: float = 4, seconds: float = 30
) -> list[Image.Image]:
    return list(pictures_of(io.BytesIO(content), max_pixels, rate, seconds))


@pytest.mark.parametrize(
    ("codec", "form"),
    [("libx264", "mp4"), ("libx264", "mov"), ("libvpx-vp9", "webm"), ("mpeg4", "mp4")],
)
def test_pictures_at_the_rate_asked_for(codec: str, form: str) -> None:
    pictures = read(footage(codec=codec, form=form))

    assert [picture.size for picture in pictures] == [(96, 64)] * 4
    assert_colour(pictures[0], (16, 33), (220, 40, 40))
    assert_colour(pictures[2], (16 + 12, 33), (220, 40, 40))


def test_no_more_than_its_beginning_is_read() -> None:
    assert len(read(WHOLE, rate=12, seconds=0.5)) == 7
    assert len(read(WHOLE, seconds=0)) == 1


def test_too_many_pixels_are_refused() -> None:
    with pytest.raises(VideoTooLarge):
        read(WHOLE, max_pixels=96 * 64 - 1)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no video",
        small(),
        WHOLE[:200],
        # Lists that would lead a reader to other files.
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    ],
    ids=["empty", "text", "photo", "cut", "concat", "playlist"],
)
def test_what_is_no_video_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableVideo):
        read(content)


@settings(max_examples=30)
@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=64))
def test_damage_is_refused_or_survived(place: int, damage: bytes) -> None:
    damaged = WHOLE[:place] + damage + WHOLE[place + len(damage) :]
    try:
        assert read(damaged, max_pixels=96 * 64)
    except (UnreadableVideo, VideoTooLarge):
        return
