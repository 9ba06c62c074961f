from pathlib import Path

import pytest
import torch
from tests.engine.conftest import Training

from likeness.bases import Base, Identity
from likeness.engine.adapter import read_adapter
from likeness.engine.errors import CheckpointMismatch, CheckpointUnreadable, NoPhotos
from likeness.engine.training import Progress


class Cancelled(Exception):
    pass


def test_every_step_of_every_stage_is_reported(run: Training) -> None:
    seen: list[Progress] = []
    trained = run(on_progress=seen.append)

    assert [progress.stage for progress in seen] == (
        ["preparing"] * 5 + ["encoding"] * 2 + ["training"] * 9 + ["saving"] * 2
    )
    assert [progress.step for progress in seen if progress.stage == "training"] == list(range(9))
    assert seen[-1] == Progress("saving", 1, 1)
    assert trained.path.is_file()
    assert len(trained.losses) == 8


def test_it_learns(run: Training, tiny: Base) -> None:
    recipe = tiny.manifest.training.model_copy(update={"steps": 40})
    losses = run(recipe=recipe).losses

    assert sum(losses[-10:]) < 0.9 * sum(losses[:10])


def test_head_and_background_weigh_what_the_recipe_says(run: Training, tiny: Base) -> None:
    def first_loss(face: float, background: float) -> float:
        changes = {"steps": 1, "face_weight": face, "background_weight": background}
        return run(recipe=tiny.manifest.training.model_copy(update=changes)).losses[0]

    head = first_loss(1, 0)
    besides = first_loss(1, 1) - head

    assert head > 0
    assert besides > 0
    assert first_loss(4, 0.5) == pytest.approx(4 * head + 0.5 * besides, rel=1e-4)


def test_a_resumed_run_ends_in_the_same_bits(run: Training, tmp_path: Path) -> None:
    whole = run(folder=tmp_path / "whole")

    def cancel_after(progress: Progress) -> None:
        if progress.stage == "training" and progress.step == 7:
            raise Cancelled

    steps: list[int] = []
    with pytest.raises(Cancelled):
        run(
            folder=tmp_path / "cut",
            on_progress=cancel_after,
            on_checkpoint=lambda file, step: steps.append(step),
        )
    torch.manual_seed(99)  # what the process has drawn since must not matter
    seen: list[Progress] = []
    resumed = run(
        folder=tmp_path / "resumed",
        resume=tmp_path / "cut" / "checkpoint.safetensors",
        on_progress=seen.append,
    )

    assert steps == [3, 6]
    assert [progress.step for progress in seen if progress.stage == "training"] == [6, 7, 8]
    assert resumed.losses == whole.losses
    first, second = read_adapter(whole.path).weights, read_adapter(resumed.path).weights
    assert first.keys() == second.keys()
    assert all(torch.equal(first[key], second[key]) for key in first)


def test_another_seed_gives_other_weights(run: Training, tiny: Base, tmp_path: Path) -> None:
    recipe = tiny.manifest.training.model_copy(update={"seed": 8})
    first = read_adapter(run(folder=tmp_path / "first").path).weights
    other = read_adapter(run(folder=tmp_path / "other", recipe=recipe).path).weights

    assert not any(torch.equal(value, other[key]) for key, value in first.items())


def test_checkpointed_gradients_are_the_same_gradients(
    run: Training, tiny: Base, tmp_path: Path
) -> None:
    recipe = tiny.manifest.training.model_copy(update={"gradient_checkpointing": True})
    first = run(folder=tmp_path / "first").losses
    other = run(folder=tmp_path / "other", recipe=recipe).losses

    assert other == pytest.approx(first, rel=1e-3)


def test_the_recipe_decides_the_shape(run: Training, tiny: Base) -> None:
    recipe = tiny.manifest.training.model_copy(update={"rank": 2, "steps": 1})
    adapter = read_adapter(run(recipe=recipe).path)

    assert adapter.card.recipe == recipe
    assert {value.shape[0] for key, value in adapter.weights.items() if "lora_A" in key} == {2}
    assert not any("x_embedder" in key for key in adapter.weights)


@pytest.fixture
def checkpoint(run: Training, tmp_path: Path) -> Path:
    run(folder=tmp_path / "earlier")
    return tmp_path / "earlier" / "checkpoint.safetensors"


def test_a_checkpoint_of_another_run_is_refused(
    run: Training, tiny: Base, checkpoint: Path, photos: list[Path]
) -> None:
    longer = tiny.manifest.training.model_copy(update={"steps": 9})

    with pytest.raises(CheckpointMismatch, match="another recipe"):
        run(resume=checkpoint, recipe=longer)
    with pytest.raises(CheckpointMismatch, match="other photos"):
        run(resume=checkpoint, photos=photos[:3])
    with pytest.raises(CheckpointMismatch, match="another trigger"):
        run(resume=checkpoint, identity=Identity("zwxo", "a woman with brown eyes"))


def test_a_damaged_checkpoint_is_refused(run: Training, checkpoint: Path) -> None:
    checkpoint.write_bytes(checkpoint.read_bytes()[:500])

    with pytest.raises(CheckpointUnreadable, match="Start without it"):
        run(resume=checkpoint)


def test_no_photos_are_refused(run: Training) -> None:
    with pytest.raises(NoPhotos, match="12 to 20"):
        run(photos=[])
