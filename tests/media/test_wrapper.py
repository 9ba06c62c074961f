"""Videos that others made, wrapped anew."""

from pathlib import Path

import av
import pytest
from tests.media.videos import boxes, footage, moving_square

from likeness.media.footage import UnreadableVideo
from likeness.media.picture import SYNTHETIC
from likeness.media.video import save_video
from likeness.media.wrapper import wrap_anew


@pytest.fixture
def heard(tmp_path: Path) -> Path:
    """One second with a sound track."""
    path = tmp_path / "heard.mp4"
    save_video(moving_square(24, 128, 96), path, 128, 96, audio=True)
    return path


@pytest.mark.parametrize("audio", [True, False])
def test_pictures_stay_and_sound_as_asked(heard: Path, tmp_path: Path, audio: bool) -> None:
    path = tmp_path / "again.mp4"

    wrapped = wrap_anew(heard, path, audio=audio)

    assert (wrapped.width, wrapped.height, wrapped.rate, wrapped.audio) == (128, 96, 24, audio)
    assert wrapped.seconds == pytest.approx(1, abs=0.05)
    with av.open(path, "r") as ours, av.open(heard, "r") as theirs:
        assert len(ours.streams) == 1 + audio
        pairs = list(zip(ours.decode(video=0), theirs.decode(video=0), strict=True))
    assert len(pairs) == 24
    assert all(one.to_image().tobytes() == two.to_image().tobytes() for one, two in pairs)


def test_it_plays_while_it_loads_and_says_what_it_is(tmp_path: Path) -> None:
    source, path = tmp_path / "their.mp4", tmp_path / "ours.mp4"
    source.write_bytes(footage())

    assert not wrap_anew(source, path, audio=True).audio

    found = [name for name, _ in boxes(path.read_bytes())]
    assert found.index("moov") < found.index("mdat")
    assert path.read_bytes().count(SYNTHETIC.encode()) == 1


@pytest.mark.parametrize("content", [b"", b"no video", footage(codec="mpeg4"), footage()[:400]])
def test_what_cannot_be_used(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "their.mp4"
    source.write_bytes(content)

    with pytest.raises(UnreadableVideo):
        wrap_anew(source, tmp_path / "ours.mp4", audio=True)
