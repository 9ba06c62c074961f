"""Motion is measured from footage to a table, by judges and a pipeline that know nothing."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.foundry.parts.footages import write_footage
from tests.support.tiny_wan import build_tiny_wan

from foundry.evaluation.clips import ClipFigures
from foundry.evaluation.motion import (
    MotionCommission,
    MotionFigures,
    evaluate_motion,
    one_of_each,
)
from foundry.footage import Footage
from foundry.networks.judge import JudgeNetwork
from foundry.networks.motion_judge import MotionJudge
from foundry.parts.judge import FILE as JUDGE_FILE
from foundry.parts.motion_judge import FILE as MOTION_JUDGE_FILE
from likeness.engine.clip_manifest import ClipManifest
from likeness.engine.weights import save_weights

FRAMES, SIDE = 9, 32


@pytest.fixture(scope="module")
def commission(tmp_path_factory: pytest.TempPathFactory) -> MotionCommission:
    folder = tmp_path_factory.mktemp("motion")
    write_footage(folder / "data", people=3, clips=2, frames=FRAMES, size=SIDE)
    pipeline = build_tiny_wan(folder / "tiny-wan", folded=False)
    manifest = ClipManifest(rate=8, window=FRAMES, side=SIDE)
    (pipeline / "manifest.json").write_text(manifest.model_dump_json())
    torch.manual_seed(0)
    (folder / "judges").mkdir()
    save_weights(JudgeNetwork(), folder / "judges" / JUDGE_FILE)
    save_weights(MotionJudge(), folder / "judges" / MOTION_JUDGE_FILE)
    return MotionCommission(pipeline, folder / "judges", folder / "data", people=2)


def test_everything_is_measured_and_nothing_is_drawn_twice(
    commission: MotionCommission, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foundry.evaluation.motion.LARGE", (48, 32))
    monkeypatch.setattr("foundry.evaluation.motion.LARGE_SECONDS", 1)

    table = evaluate_motion(commission, tmp_path)
    drawn = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("clip-*.npz")}
    figures = json.loads((tmp_path / "figures.json").read_text())
    again = evaluate_motion(commission, tmp_path)

    assert len(drawn) == 2
    assert drawn == {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("clip-*.npz")}
    assert figures["clips"] == json.loads((tmp_path / "figures.json").read_text())["clips"]
    assert table.startswith("| 2 people, a clip each | drawn | rendered | asked for |")
    assert table.splitlines()[:-1] == again.splitlines()[:-1]
    assert (tmp_path / "figures.md").read_text() == again
    assert (tmp_path / "strips.png").exists()


def test_a_clip_of_each_is_one_that_can_be_seen(commission: MotionCommission) -> None:
    data = Footage.open(commission.data)
    eyes = {"kind": "blink", "start": 0.1, "seconds": 0.5, "amount": 1}
    motions = [take.motion for take in data.records]
    motions[0] = type(motions[0]).model_validate(motions[0].model_dump() | {"movements": [eyes]})
    motions[2] = motions[3] = motions[2].model_copy(update={"camera": "push in"})
    takes = [
        take.model_copy(update={"motion": motion})
        for take, motion in zip(data.records, motions, strict=True)
    ]

    assert one_of_each(Footage(data.shards, takes), 3) == [1, 2, 4]


def clip(moved: float, drift: float | None, likeness: float, said: str) -> ClipFigures:
    return ClipFigures(
        prompt="she nods",
        asked=("nod",),
        seconds=1,
        moved=(moved, 0.2),
        drift=None if drift is None else (drift, 0),
        flicker=None if drift is None else (drift, 0.5),
        likeness=((1, likeness), (1, 0.8)),
        said=(said, "nod"),
    )


def test_the_table_says_what_was_found() -> None:
    clips = [clip(0.1, 0.5, 0.7, "nod"), clip(0.01, 1.5, 0.5, "talk"), clip(0.3, None, 0.6, "nod")]
    found = MotionFigures(clips=clips, large_seconds=12.3)

    rows = [[cell.strip() for cell in line.split("|")[2:4]] for line in found.table().splitlines()]

    assert np.isclose(found.likeness, 0.6 / 0.8)
    assert rows[2:] == [
        ["67%", "100%"],
        ["50%", "100%"],
        ["67%", "100%"],
        ["0.75", "1"],
        ["1.00", "0.50"],
        ["12 s", ""],
    ]
