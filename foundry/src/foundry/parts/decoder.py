"""Training the autoencoder's decoder further, on what the transformer makes.

A small transformer paints means: eyes and mouths that could be here or there come out blurred. The
decoder learns to make one clear face of such latents. The encoder stays, and with it everything
that was trained on its latents.
"""

from pathlib import Path
from typing import cast

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from PIL import Image
from pydantic import Field
from torch import Tensor, nn
from torch.nn.functional import affine_grid, grid_sample, relu

from foundry.dataset import Dataset
from foundry.device import mixed, place
from foundry.guesses import Guesses
from foundry.networks.autoencoder import decode, train_norms_in_float32
from foundry.networks.critic import Critic
from foundry.networks.perception import Perception, unlike
from foundry.parts.autoencoder import EXPORTED
from foundry.pictures import grid, to_pixels, to_tensor
from foundry.recipe import Plan, Recipe
from foundry.training.loop import load_trained
from foundry.training.noise import of_step
from likeness.engine.face_network import ALIGNED

# Sides of the square around a face, in sides of the box from brows to chin: nearer than what the
# recogniser learned on, because eyes and mouths are what is to be seen.
JUDGED, SEEN = 0.85, 0.9
JUDGED_SIDE = 64  # px
DRIFT = 0.02  # of the square that the critic judges, in sides of the picture


class DecoderRecipe(Recipe):
    """`pictures` are guessed by the base once, before the first step; a share `clean` of each
    batch is encoded pictures instead, so that the decoder stays one of an autoencoder. The loss is
    L1, twice as much on the face, and `perception_weight` times what the face recogniser sees
    amiss; the critic's opinion weighs `critic_weight`, from step `critic_after` on, slowly rising
    for as long again.
    """

    pictures: int = Field(ge=1)
    clean: float = Field(default=0.33, ge=0, le=1)
    perception_weight: float = Field(default=1.0, ge=0)
    critic_weight: float = Field(default=0.1, ge=0)
    critic_after: int = Field(default=100, ge=1)
    plan: Plan


class DecoderTask:
    plain = ("decoder", "critic")

    def __init__(
        self,
        recipe: DecoderRecipe,
        data: Dataset,
        guesses: Guesses,
        autoencoder: AutoencoderKL,
        perception: Perception,
        device: torch.device,
    ) -> None:
        torch.manual_seed(recipe.plan.seed)
        autoencoder.requires_grad_(True).train()
        self._critic = Critic()
        self._decoder = cast(nn.Module, autoencoder.decoder)
        self.network = nn.ModuleDict({"decoder": self._decoder, "critic": self._critic})
        place(self.network, device)
        if device.type == "cpu":
            train_norms_in_float32(autoencoder)
        self._autoencoder = autoencoder
        self._perception = perception
        self._recipe = recipe
        self._data = data
        self._guesses = guesses
        self._faces = torch.tensor([data.entries[index].face for index in guesses.indices])
        self._device = device

    def losses(self, step: int) -> dict[str, Tensor]:
        recipe = self._recipe
        rng, _ = of_step(recipe.plan.seed, step)
        chosen = rng.integers(len(self._guesses), size=recipe.plan.batch)
        clean = rng.random(len(chosen)) < recipe.clean
        latents = np.where(
            clean[:, None, None, None], self._guesses.clean[chosen], self._guesses.guessed[chosen]
        )
        pictures = to_tensor(self._data.pictures(self._guesses.indices[chosen]), self._device)
        faces = self._faces[chosen]
        drift = rng.normal(0, DRIFT, (len(chosen), 2)).astype(np.float32)
        judged = torch.cat([faces[:, :2] + torch.from_numpy(drift), faces[:, 2:]], dim=1)
        with mixed(self._device):
            decoded = decode(self._autoencoder, torch.from_numpy(latents).float().to(self._device))
            made, real = (crops(one, judged, JUDGED, JUDGED_SIDE) for one in (decoded, pictures))
            amiss = self._amiss(decoded, pictures, faces)
            opinion = self._opinion(made)
            told_apart = relu(1 - self._critic(real)) + relu(1 + self._critic(made.detach()))
        pixels = (decoded - pictures).abs().mean() + 2 * (made - real).abs().mean()
        loss = pixels + recipe.perception_weight * amiss
        loss = loss - recipe.critic_weight * self._heard(step) * opinion + told_apart.mean()
        return {
            "loss": loss,
            "pixels": pixels,
            "amiss": amiss,
            "opinion": opinion,
            "told_apart": told_apart.mean(),
        }

    def sheet(self) -> Image.Image:
        """Faces in threes: rendered, encoded and decoded, guessed and decoded; then the pictures
        that the guesses decode to."""
        chosen = np.linspace(0, len(self._guesses) - 1, 8).astype(np.int64)
        pictures = to_tensor(self._data.pictures(self._guesses.indices[chosen]), self._device)
        kept, guessed = (
            decode(self._autoencoder, torch.from_numpy(some[chosen]).float().to(self._device))
            for some in (self._guesses.clean, self._guesses.guessed)
        )
        shown = [
            crops(some, self._faces[chosen], SEEN, pictures.shape[-1])
            for some in (pictures, kept, guessed)
        ]
        return grid(to_pixels(torch.cat([*shown, guessed])), columns=len(chosen))

    def write(self, run: Path) -> None:
        """Write the autoencoder with the run's decoder to where `load_autoencoder` looks."""
        load_trained(self.network, run)
        self._autoencoder.save_pretrained(run / EXPORTED)

    def _amiss(self, decoded: Tensor, pictures: Tensor, faces: Tensor) -> Tensor:
        mine = self._perception(crops(decoded, faces, SEEN, ALIGNED))
        with torch.no_grad():
            theirs = self._perception(crops(pictures, faces, SEEN, ALIGNED))
        return unlike(mine, theirs)

    def _opinion(self, made: Tensor) -> Tensor:
        """The critic's, from which it does not learn itself."""
        self._critic.requires_grad_(False)
        opinion = self._critic(made).mean()
        self._critic.requires_grad_(True)
        return opinion

    def _heard(self, step: int) -> float:
        after = self._recipe.critic_after
        return min(1.0, max(0.0, (step - after) / after))


def crops(pictures: Tensor, faces: Tensor, reach: float, side: int) -> Tensor:
    """Squares around faces (centre x, centre y, side, in shares of the picture), `reach` times as
    large, as (n, 3, side, side); beyond a picture's edge its last pixels go on."""
    window = torch.zeros(len(faces), 2, 3)
    window[:, 0, 0] = window[:, 1, 1] = faces[:, 2] * reach
    window[:, :, 2] = 2 * faces[:, :2] - 1
    shape = (len(faces), 3, side, side)
    places = affine_grid(window.to(pictures.device), list(shape), align_corners=False)
    return grid_sample(pictures, places, padding_mode="border", align_corners=False)
