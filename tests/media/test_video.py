"""Videos that we made: what a player finds in the file, and the mark that says what it is."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from tests.media.videos import boxes, moving_square

from likeness.media.picture import SYNTHETIC
from likeness.media.video import RATE, XMP_BOX, save_video


def saved(path: Path, frames: int, size: tuple[int, int] = (160, 90), audio: bool = False) -> Path:
    assert save_video(moving_square(frames, *size), path, *size, audio=audio) == frames
    return path


@pytest.mark.parametrize(("frames", "size"), [(24, (160, 90)), (60, (90, 160)), (1, (854, 480))])
def test_size_and_duration_are_what_was_asked(
    tmp_path: Path, frames: int, size: tuple[int, int]
) -> None:
    with av.open(saved(tmp_path / "clip.mp4", frames, size)) as clip:
        (stream,) = clip.streams
        assert isinstance(stream, av.VideoStream)
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == size
        assert (stream.average_rate, stream.frames) == (RATE, frames)
        assert stream.duration is not None and stream.time_base is not None
        assert stream.duration * stream.time_base == Fraction(frames, RATE)


def test_it_plays_while_it_loads(tmp_path: Path) -> None:
    names = [name for name, _ in boxes(saved(tmp_path / "clip.mp4", 24).read_bytes())]

    assert names.index("moov") < names.index("mdat")


def test_bytes_say_that_the_video_is_synthetic(tmp_path: Path) -> None:
    content = saved(tmp_path / "clip.mp4", 24).read_bytes()

    (packet,) = [body for name, body in boxes(content) if name == "uuid"]
    assert packet.startswith(XMP_BOX)
    assert f'Iptc4xmpExt:DigitalSourceType="{SYNTHETIC}"'.encode() in packet


def test_a_sound_track_is_silent_and_as_long_as_the_pictures(tmp_path: Path) -> None:
    with av.open(saved(tmp_path / "clip.mp4", 36, audio=True)) as clip:
        (sound,) = clip.streams.audio
        assert (sound.codec_context.name, sound.rate, sound.layout.name) == (
            "aac",
            48_000,
            "stereo",
        )
        assert clip.duration is not None
        assert clip.duration / av.time_base == pytest.approx(1.5, abs=0.03)
        heard = [frame.to_ndarray() for frame in clip.decode(sound)]

    assert sum(samples.shape[1] for samples in heard) == pytest.approx(1.5 * 48_000, abs=2048)
    assert max(float(np.abs(samples).max()) for samples in heard) < 1e-4


def test_frames_come_out_as_they_went_in(tmp_path: Path) -> None:
    frames = list(moving_square(8, 160, 96))
    path = tmp_path / "clip.mp4"
    save_video(frames, path, 160, 96, audio=False)

    with av.open(path) as clip:
        assert clip.streams.video[0].codec_context.colorspace == 1  # BT.709, as HD players expect
        seen = [np.asarray(frame.to_image()) for frame in clip.decode(video=0)]

    assert len(seen) == 8
    assert all(psnr(one, other) > 34 for one, other in zip(frames, seen, strict=True))


def test_same_frames_give_the_same_bytes(tmp_path: Path) -> None:
    files = [saved(tmp_path / name, 8, audio=True).read_bytes() for name in ("a.mp4", "b.mp4")]

    assert files[0] == files[1]


def psnr(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    error = float(np.mean((one.astype(np.float64) - other) ** 2))
    return 10 * float(np.log10(255**2 / max(error, 1e-9)))
