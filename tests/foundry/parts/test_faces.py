from pathlib import Path

import numpy as np
import pytest
import torch
from tests.foundry.parts.datasets import write_dataset
from tests.foundry.parts.runs import TINY_PLAN, check_resuming, mean_loss

from foundry.dataset import Dataset
from foundry.parts.detection import detection_losses, targets
from foundry.parts.faces import FacesRecipe, FacesTask, load_faces
from foundry.parts.scenes import Labelled, Scene, draw_scene, label, mirrored
from foundry.portraits import photo
from foundry.portraits.caption import EXPRESSION
from foundry.recipe import load_recipe
from foundry.training.wear import Wear
from likeness.engine.face_network import EXPRESSIONS, Sightings
from likeness.engine.faces import best_faces

RECIPES = Path(__file__).parents[3] / "foundry" / "recipes"
CPU = torch.device("cpu")
NO_WEAR = Wear(colour=0, grey=0, small=0, blur=0, smooth=0, grain=0, jpeg=0)
RECIPE = FacesRecipe(crops=4, plan=TINY_PLAN)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return write_dataset(tmp_path_factory.mktemp("faces"), people=3, photos=4, size=64)


def test_the_recipe_is_valid() -> None:
    assert load_recipe(RECIPES / "faces-128.toml", FacesRecipe).crops > 0


def test_a_few_steps_lower_the_loss_and_a_resumed_run_is_the_same(
    data: Dataset, tmp_path: Path
) -> None:
    plan = TINY_PLAN.model_copy(update={"steps": 16, "batch": 6, "checkpoint_every": 8})
    recipe = RECIPE.model_copy(update={"plan": plan, "crops": 6})

    task = FacesTask(recipe, data, CPU)
    before = mean_loss(task, range(100, 104))
    task = FacesTask(recipe, data, CPU)
    trained = check_resuming(lambda: FacesTask(recipe, data, CPU), recipe, plan, tmp_path)
    task.network.load_state_dict(trained)

    assert mean_loss(task, range(100, 104)) < 0.9 * before
    shipped = load_faces(tmp_path / "whole").state_dict()
    assert all(torch.equal(shipped[name], trained[f"network.{name}"]) for name in shipped)


def test_scenes_depend_on_their_generator_alone(data: Dataset) -> None:
    one, other = (draw_scene(np.random.default_rng(5), data, 128, NO_WEAR) for _ in range(2))

    assert np.array_equal(one.pixels, other.pixels)
    assert len(one.faces) == len(other.faces)


def test_labels_follow_the_pixels(data: Dataset) -> None:
    """The figure's landmarks are dark, in whatever scene it is."""
    rng = np.random.default_rng(1)
    dark = [
        scene.pixels[tuple(np.clip(face.landmarks[[1, 0]].astype(int).T, 0, 127))[::-1]]
        for scene in (draw_scene(rng, data, 128, NO_WEAR) for _ in range(60))
        for face in scene.faces
        if face.seen > 0.99 and face.side > 40
    ]

    assert len(dark) > 8
    assert np.median(np.stack(dark).max(axis=-1)) < 60


def test_a_mirrored_face_keeps_its_left_eye_on_the_left(data: Dataset) -> None:
    picture, face = data.pictures([0])[0], label(data.entries[0], data.size)
    turned, other = mirrored(picture, face)

    assert other.landmarks[0, 0] < other.landmarks[1, 0]
    x, y = face.landmarks[2].astype(int)
    assert np.array_equal(turned[y, data.size - 1 - x], picture[y, x])


def test_what_the_targets_say_is_decoded_to_the_same_faces() -> None:
    spots = np.array([[-8, -6], [8, -6], [0, 2], [-6, 10], [6, 10]], float)
    near = Labelled(40, 50, 44, np.add(spots, (40, 50)))
    far = Labelled(101, 90.5, 16, np.add(spots / 3, (101, 90.5)))
    scene = Scene(np.zeros((128, 128, 3), np.uint8), [near, far], [])
    wanted = targets([scene], 16, 16)
    said = Sightings(20 * (wanted.scores - 0.6), wanted.centres, wanted.sides, wanted.landmarks)

    first, second = best_faces(said)
    losses = detection_losses(said, wanted)

    assert (first.box.x, first.box.y, first.box.side) == (40, 50, 44)
    assert (second.box.x, second.box.y, second.box.side) == (101, 90.5, 16)
    assert np.allclose(first.landmarks, near.landmarks)
    assert float(losses["box"]) == float(losses["landmarks"]) == 0
    assert float(losses["score"]) < 0.05


def test_faces_know_every_expression_that_is_rendered() -> None:
    assert {words[0] for words in EXPRESSION.values()} == set(EXPRESSIONS)
    assert EXPRESSION.keys() == photo.EXPRESSIONS.keys()
