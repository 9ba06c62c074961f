"""Videos that we made, encoded with the mark that says so."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from numpy.typing import NDArray

from likeness.media.picture import SYNTHETIC, xmp_of

RATE = 24
"""Frames a second."""

QUALITY = "16"
"""x264's constant rate factor: 0 is lossless, and from 18 on losses begin to be seen."""

ENCODER = {"crf": QUALITY, "preset": "veryfast", "x264-params": "mbtree=0"}
"""With mbtree, where there is AVX-512, the same frames come to other bytes now and then."""

SOUND_RATE = 48_000

XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
"""The kind of MP4 box that holds XMP (Adobe XMP Specification, part 3)."""


def save_video(
    frames: Iterable[NDArray[np.uint8]], path: Path, width: int, height: int, *, audio: bool
) -> int:
    """Encode RGB frames (height, width, 3), both sides even, as an MP4 that plays while it loads.

    H.264 in yuv420p, a silent AAC track if there is to be `audio`, and XMP that says that it is
    synthetic. Returns how many frames there were.
    """
    with av.open(path, "w", format="mp4", options={"movflags": "+faststart"}) as container:
        video = container.add_stream("libx264", RATE, ENCODER)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        codec = video.codec_context
        codec.color_range, codec.colorspace = ColorRange.MPEG, Colorspace.ITU709
        codec.color_primaries, codec.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        sound = container.add_stream("aac", SOUND_RATE, layout="stereo") if audio else None
        count = 0
        for pixels in frames:
            frame = av.VideoFrame.from_ndarray(pixels, "rgb24").reformat(
                format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
            )
            frame.pts, frame.time_base = count, Fraction(1, RATE)
            container.mux(video.encode(frame))
            count += 1
        container.mux(video.encode(None))
        if sound is not None:
            _be_silent(container, sound, count)
    mark_video(path)
    return count


def mark_video(path: Path) -> None:
    """Say in an MP4 that it is synthetic."""
    packet = xmp_of(SYNTHETIC).encode()
    with path.open("ab") as file:
        # At the end, where it moves nothing that the boxes before it point to.
        file.write((24 + len(packet)).to_bytes(4, "big") + b"uuid" + XMP_BOX + packet)


def _be_silent(container: OutputContainer, sound: AudioStream, frames: int) -> None:
    """Nothing to hear, for as long as there is something to see."""
    total, done = frames * SOUND_RATE // RATE, 0
    while done < total:
        samples = min(1024, total - done)
        frame = av.AudioFrame.from_ndarray(np.zeros((2, samples), np.float32), "fltp", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, done, Fraction(1, SOUND_RATE)
        container.mux(sound.encode(frame))
        done += samples
    container.mux(sound.encode(None))
