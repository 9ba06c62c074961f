"""Guides are made of footage, and go where the clips go."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image
from tests.foundry.parts.footages import write_footage

from foundry.cli import cli
from foundry.errors import NoGuides
from foundry.footage import GUIDES, Footage
from foundry.guides import guide_of
from likeness.bases import find_part
from likeness.engine.acting.motion import Motion, Movement
from likeness.engine.faces import FaceReader
from likeness.engine.figure import shipped_figures
from likeness.engine.rig import Rig

FRAMES, SIDE = 5, 64
ASHA = Path(__file__).parents[2] / "examples" / "people" / "asha" / "held-out" / "01.jpg"


def bare(folder: Path) -> Path:
    """Footage that has no guides."""
    write_footage(folder, people=2, clips=1, frames=FRAMES, size=SIDE)
    (folder / f"00000{GUIDES}").unlink()
    return folder


def test_the_command_makes_those_that_are_missing(tmp_path: Path) -> None:
    folder = bare(tmp_path / "data")
    with pytest.raises(NoGuides, match="foundry guides"):
        Footage.open(folder).guides_of([0])

    done = CliRunner().invoke(cli, ["guides", str(folder)])

    assert done.exit_code == 0, done.output
    data = Footage.open(folder)
    clips, guides = data.clips([0, 1]), data.guides_of([0, 1])
    assert guides.shape == (*clips.shape[:-1], 4) and guides.dtype == np.uint8
    assert np.array_equal(guides[:, 0, ..., :3], clips[:, 0])
    assert not guides[:, 0, ..., 3].any(), "nothing is new at first"
    assert not np.array_equal(guides[:, -1], guides[:, 0])
    written = (folder / f"00000{GUIDES}").stat().st_mtime_ns
    assert CliRunner().invoke(cli, ["guides", str(folder)]).exit_code == 0
    assert (folder / f"00000{GUIDES}").stat().st_mtime_ns == written


def test_a_guide_moves_as_its_clip_does(tmp_path: Path) -> None:
    reader = FaceReader.load(find_part("faces"))
    with Image.open(ASHA) as file:
        picture = file.convert("RGB").resize((160, 160))
    face = reader.find(picture)[0]
    take = write_footage(tmp_path, 1, 1, FRAMES, SIDE).records[0]
    turn = Movement(kind="turn right", start=0.05, seconds=0.4, amount=20)
    motion = Motion(seed=1, frames=FRAMES, rate=8, movements=(turn,), blinks=(), camera="still")
    landmarks = tuple((x / 160, y / 160) for x, y in face.landmarks)
    take = take.model_copy(
        update={"motion": motion, "landmarks": (landmarks,) * FRAMES, "yaw": (0.0,) * FRAMES}
    )

    clip = np.stack([np.asarray(picture)] * FRAMES)
    guide = guide_of(Rig.load(find_part("rig")), shipped_figures(), take, clip)

    turned, new = guide[-1, ..., :3], guide[-1, ..., 3]
    found = reader.find(Image.fromarray(turned))[0]
    assert found.landmarks[2][0] - face.landmarks[2][0] > 0.05 * face.box.side
    left, right = new[:, : new.shape[1] // 2], new[:, new.shape[1] // 2 :]
    assert left.sum() > 4 * right.sum(), "the side that turns into view"
