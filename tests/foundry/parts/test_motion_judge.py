"""What tells movements apart learns it, and resumes."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import torch
from tests.foundry.parts.footages import write_footage
from tests.foundry.parts.runs import TINY_PLAN, mean_loss

from foundry.footage import Footage
from foundry.judge import Judge
from foundry.networks.judge import JudgeNetwork
from foundry.networks.motion_judge import SEEN, MotionJudge
from foundry.parts.motion_judge import (
    MIRRORED,
    MotionJudgeRecipe,
    MotionJudgeTask,
    load_motion_judge,
    look,
    look_at_all,
)
from foundry.recipe import load_recipe
from foundry.training.loop import CHECKPOINT, train
from likeness.engine.acting.motion import KINDS

RECIPES = Path(__file__).parents[3] / "foundry" / "recipes"
FRAMES = 5
PLAN = TINY_PLAN.model_copy(update={"steps": 400, "checkpoint_every": 200, "sheet_every": 400})
RECIPE = MotionJudgeRecipe(plan=PLAN)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    return write_footage(tmp_path_factory.mktemp("data"), 4, 1, FRAMES, 32)


@pytest.fixture(scope="module")
def judge() -> Judge:
    torch.manual_seed(0)
    return Judge(JudgeNetwork(), torch.device("cpu"))


@pytest.fixture(scope="module")
def seen(judge: Judge, data: Footage, tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    return look_at_all(judge, data, tmp_path_factory.mktemp("run"))


def test_the_recipe_is_valid() -> None:
    assert load_recipe(RECIPES / "movements.toml", MotionJudgeRecipe).plan.steps > 0


def test_it_learns_and_resumes(data: Footage, seen: np.ndarray, tmp_path: Path) -> None:
    def make() -> MotionJudgeTask:
        return MotionJudgeTask(RECIPE, data, seen)

    train(make(), RECIPE, PLAN, tmp_path / "whole")
    train(make(), RECIPE, PLAN, tmp_path / "parts", until=200)
    train(make(), RECIPE, PLAN, tmp_path / "parts")

    whole, parts = (
        torch.load(tmp_path / name / CHECKPOINT, weights_only=True)["network"]
        for name in ("whole", "parts")
    )
    assert all(torch.equal(weight, parts[name]) for name, weight in whole.items())
    task = make()
    before = mean_loss(task, range(100, 110))
    task.network.load_state_dict(whole)
    assert mean_loss(task, range(100, 110)) < 0.7 * before
    network = load_motion_judge(tmp_path / "whole")
    with torch.no_grad():
        answers = network(torch.from_numpy(seen).flatten(0, 1)).argmax(dim=1).tolist()
    kinds = [take.motion.kinds[0] for take in data.records]
    assert [KINDS[answer] for answer in answers] == [*kinds, *map(mirrored, kinds)]


def mirrored(kind: str) -> str:
    left, right = "left" in kind, "right" in kind
    return (
        kind.replace("left", "right") if left else kind.replace("right", "left") if right else kind
    )


def test_what_is_seen_in_a_mirror_is_the_other_side(judge: Judge, data: Footage) -> None:
    clip = data.clips([0])
    again = Footage([np.ascontiguousarray(clip[:, :, :, ::-1])], data.records[:1])

    assert [KINDS[place] for place in MIRRORED] == [mirrored(kind) for kind in KINDS]
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        whole = Footage([clip], data.records[:1])
        seen, flipped = (
            look_at_all(judge, footage, Path(folder))
            for footage, folder in ((whole, one), (again, other))
        )
    assert np.allclose(seen[0], flipped[1], atol=1e-4)
    assert np.allclose(seen[1], flipped[0], atol=1e-4)


def test_footage_is_looked_at_once(
    judge: Judge, data: Footage, seen: np.ndarray, tmp_path: Path
) -> None:
    first = look_at_all(judge, data, tmp_path)
    nobody = Footage(data.shards, [])

    assert np.array_equal(look_at_all(judge, nobody, tmp_path), first)
    assert first.shape == (2, 4, FRAMES, SEEN)


def test_the_first_frame_alone_is_no_movement(judge: Judge, data: Footage) -> None:
    still = np.repeat(data.clips([0])[:, :1], FRAMES, axis=1)
    rows = look(judge, still)[0]

    assert torch.allclose(rows, rows[:1].expand_as(rows), atol=1e-4)
    assert MotionJudge()(rows[None]).shape == (1, len(KINDS))
