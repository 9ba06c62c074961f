"""Training the face detector and the face recogniser that ship."""

from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.random import Generator
from PIL import Image
from pydantic import Field
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, smooth_l1_loss

from foundry.dataset import Dataset, Pixels
from foundry.device import mixed, place
from foundry.networks.cosface import WithPeople, load_without_people
from foundry.parts.crops import crop
from foundry.parts.detection import detection_losses, targets
from foundry.parts.scenes import Scene, draw_scene, label, mirrored
from foundry.pictures import grid, on_device
from foundry.portraits.caption import EXPRESSION
from foundry.questions import people_numbers
from foundry.recipe import Plan, Recipe
from foundry.training.noise import of_step
from foundry.training.wear import Wear, worn
from likeness.engine.face_network import (
    AGE_SPREAD,
    ALIGNED,
    EMBEDDING,
    EXPRESSIONS,
    EYEWEAR,
    LOOKED_AT,
    STRIDE,
    YAW_SPREAD,
    Descriptions,
    FaceNetwork,
)
from likeness.engine.faces import best_faces


class FacesRecipe(Recipe):
    """The plan's batch counts scenes to find faces in; `crops` of faces to recognise come on top.

    An embedding must be nearer to its person by `margin`, a cosine, which rises from 0 within
    `margin_steps`; `scale` multiplies cosines into logits. `attributes` weighs what else is said
    about a face.
    """

    crops: int = Field(ge=2)
    margin: float = Field(default=0.25, ge=0, lt=1)
    margin_steps: int = Field(default=500, ge=1)
    scale: float = Field(default=24.0, gt=0)
    attributes: float = Field(default=0.5, ge=0)
    wear: Wear = Wear()
    plan: Plan


class FacesTask:
    plain = ("stem", "depthwise", "heads", "places", "people")

    def __init__(self, recipe: FacesRecipe, data: Dataset, device: torch.device) -> None:
        torch.manual_seed(recipe.plan.seed)
        self._who = np.array(people_numbers(data.entries))
        people = int(self._who.max()) + 1
        self.network: WithPeople[FaceNetwork] = WithPeople(FaceNetwork(), people, EMBEDDING)
        place(self.network, device)
        self._known = np.array([_known(data, index) for index in range(len(data))], np.float32)
        self._recipe = recipe
        self._data = data
        self._device = device

    def losses(self, step: int) -> dict[str, Tensor]:
        recipe = self._recipe
        rng, _ = of_step(recipe.plan.seed, step)
        scenes = [self._scene(rng) for _ in range(recipe.plan.batch)]
        chosen = rng.integers(len(self._data), size=recipe.crops)
        crops, known = self._crops(rng, chosen)
        with mixed(self._device):
            seen = self.network.network.detector(
                on_device([s.pixels for s in scenes], self._device)
            )
            said = self.network.network.recogniser(on_device(crops, self._device))
        cells = LOOKED_AT // STRIDE
        detected = detection_losses(seen, targets(scenes, cells, cells).to(self._device))
        margin = recipe.margin * min(1.0, step / recipe.margin_steps)
        who = torch.from_numpy(self._who[chosen]).to(self._device)
        identity, right = self.network.identity_loss(said.embeddings, who, margin, recipe.scale)
        attributes = _attribute_loss(said, torch.from_numpy(known).to(self._device))
        loss = detected["score"] + 2 * detected["box"] + 4 * detected["landmarks"]
        loss = loss + 0.25 * identity + recipe.attributes * attributes
        return {
            "loss": loss,
            **detected,
            "identity": identity,
            "right": right,
            "attributes": attributes,
        }

    def sheet(self) -> Image.Image:
        """Scenes with what is found in them, and what is there in green."""
        rng, _ = of_step(self._recipe.plan.seed + 1, 0)
        scenes = [self._scene(rng) for _ in range(24)]
        seen = self.network.network.detector(on_device([s.pixels for s in scenes], self._device))
        pictures = []
        for number, scene in enumerate(scenes):
            drawn = scene.pixels.copy()
            for face in scene.faces:
                _draw(drawn, face.x, face.y, face.side, (60, 220, 60))
            for face in best_faces(seen, number):
                _draw(drawn, face.box.x, face.box.y, face.box.side, (255, 60, 60))
                for x, y in face.landmarks:
                    cv2.circle(drawn, (round(x), round(y)), 1, (255, 230, 0), -1)
            pictures.append(drawn)
        return grid(pictures, columns=8)

    def _scene(self, rng: Generator) -> Scene:
        return draw_scene(rng, self._data, LOOKED_AT, self._recipe.wear)

    def _crops(self, rng: Generator, chosen: np.ndarray) -> tuple[list[Pixels], np.ndarray]:
        crops: list[Pixels] = []
        known = self._known[chosen]
        pictures = self._data.pictures(chosen)
        for number, (index, picture) in enumerate(zip(chosen, pictures, strict=True)):
            face = label(self._data.entries[index], self._data.size)
            if rng.random() < 0.5:
                picture, face = mirrored(picture, face)
                known[number, YAW] *= -1
            crops.append(worn(crop(picture, face, ALIGNED, rng), rng, self._recipe.wear))
        return crops, known


MAN, AGE, WORN, YAW, EXPRESSED = range(5)
HIDDEN = -1


def _known(data: Dataset, index: int) -> tuple[float, ...]:
    """Gender, age, eyewear, yaw and expression of an entry; closed eyes behind sunglasses are
    HIDDEN."""
    person, photo = data.entries[index].person, data.entries[index].photo
    hidden = photo.eyewear == "sunglasses" and photo.expression == "eyes closed"
    return (
        float(person.gender == "man"),
        float(person.age),
        float(EYEWEAR.index(photo.eyewear or "none")),
        photo.yaw,
        HIDDEN if hidden else EXPRESSIONS.index(EXPRESSION[photo.expression][0]),
    )


def _attribute_loss(said: Descriptions, known: Tensor) -> Tensor:
    return (
        binary_cross_entropy_with_logits(said.man, known[:, MAN])
        + smooth_l1_loss(said.age / AGE_SPREAD, known[:, AGE] / AGE_SPREAD, beta=0.3)
        + cross_entropy(said.eyewear, known[:, WORN].long())
        + cross_entropy(said.expression, known[:, EXPRESSED].long(), ignore_index=HIDDEN)
        + smooth_l1_loss(said.yaw / YAW_SPREAD, known[:, YAW] / YAW_SPREAD, beta=0.1)
    )


def _draw(picture: Pixels, x: float, y: float, side: float, colour: tuple[int, int, int]) -> None:
    low = (round(x - side / 2), round(y - side / 2))
    high = (round(x + side / 2), round(y + side / 2))
    cv2.rectangle(picture, low, high, colour)


def load_faces(run: Path) -> FaceNetwork:
    """The network that ships, from a run's checkpoint."""
    network = FaceNetwork()
    load_without_people(network, EMBEDDING, run)
    return network.eval()
