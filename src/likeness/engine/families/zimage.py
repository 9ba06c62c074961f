"""Z-Image: a single-stream transformer with a text encoder of the Qwen3 kind.

Its conventions: time is 1 - sigma, so 1 is clean; it predicts clean minus noise; text is the last
but one hidden state under the tokenizer's chat template; sides are multiples of twice what one
latent covers, because the transformer reads latents in 2 × 2 patches.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import torch
from diffusers.pipelines.z_image.pipeline_z_image import ZImagePipeline, calculate_shift
from PIL import Image
from torch import Tensor, nn
from torch.nn.functional import pad
from torch.nn.utils.rnn import pad_sequence

from likeness.engine.errors import LoadFailed
from likeness.engine.families.family import Drawing, LoadedBase, Texts
from likeness.engine.families.fast_zimage import PATCH, TEXT_BLOCK, FastTransformer
from likeness.engine.families.seeded_euler import SeededEuler

# Attention and feed-forward of every block. Not x_embedder: it joins the samples of a batch.
TARGETS = (
    r"(noise_refiner|context_refiner|layers)\.\d+\."
    r"(attention\.(to_q|to_k|to_v|to_out\.0)|feed_forward\.(w1|w2|w3))"
)
LONGEST_TEXT = 512


class ZImageBase:
    """A loaded ZImagePipeline, as the engine sees it."""

    adapter_targets = TARGETS
    adapter_prefix = "transformer"

    def __init__(self, pipeline: ZImagePipeline) -> None:
        # diffusers declares its pipelines' parts by assignment at run time: untyped to a checker.
        self._pipeline: Any = pipeline
        self._vae: Any = self._pipeline.vae
        self._transformer: Any = self._pipeline.transformer
        self._fast = FastTransformer(self._transformer)
        self._device = cast(torch.device, self._pipeline.device)
        self._dtype = cast(torch.dtype, self._transformer.dtype)

    @property
    def network(self) -> nn.Module:
        return cast(nn.Module, self._transformer)

    def latent_shape(self, width: int, height: int) -> tuple[int, int, int]:
        scale = int(self._pipeline.vae_scale_factor) * PATCH
        channels = int(self._transformer.config.in_channels)
        return channels, height // scale * PATCH, width // scale * PATCH

    @torch.no_grad()
    def encode_picture(self, pixels: Tensor) -> Tensor:
        inputs = pixels.to(self._device, self._vae.dtype)
        latents = cast(Tensor, self._vae.encode(inputs).latent_dist.mode())
        config = self._vae.config
        return ((latents.float() - config.shift_factor) * config.scaling_factor).cpu()

    @torch.no_grad()
    def encode_text(self, prompts: Sequence[str]) -> Texts:
        return [self._encode_one(prompt) for prompt in prompts]

    def keep_only_network(self) -> None:
        self._pipeline.text_encoder = None
        self._pipeline.vae = None
        self._vae = None
        if self._device.type == "cuda":
            torch.cuda.empty_cache()

    def checkpoint_gradients(self) -> None:
        self._transformer.enable_gradient_checkpointing()

    def noisy(self, clean: Tensor, noise: Tensor, time: Tensor) -> Tensor:
        share = time.view(-1, 1, 1, 1)
        return share * clean + (1 - share) * noise

    def target(self, clean: Tensor, noise: Tensor) -> Tensor:
        return clean - noise

    def predict(self, noisy: Tensor, time: Tensor, texts: Texts) -> Tensor:
        if self._suits_fast_form(noisy, texts):
            return self._predict_fast(noisy, time, texts)
        samples = list(noisy.to(self._device, self._dtype).unsqueeze(2).unbind(0))
        outputs = self._transformer(samples, time.to(self._device), texts, return_dict=False)[0]
        return torch.stack([cast(Tensor, output).float() for output in outputs]).squeeze(2)

    def _suits_fast_form(self, noisy: Tensor, texts: Texts) -> bool:
        patches = noisy.shape[-1] // PATCH * (noisy.shape[-2] // PATCH)
        blocks = {-(-len(text) // TEXT_BLOCK) for text in texts}
        return patches % TEXT_BLOCK == 0 and len(blocks) == 1

    def _predict_fast(self, noisy: Tensor, time: Tensor, texts: Texts) -> Tensor:
        lengths = torch.tensor([len(text) for text in texts], device=self._device)
        padded = pad_sequence(texts, batch_first=True)
        padded = pad(padded, (0, 0, 0, -padded.shape[1] % TEXT_BLOCK))
        latents = noisy.to(self._device, self._dtype)
        return self._fast(latents, time.to(self._device), padded, lengths).float()

    def draw(self, drawing: Drawing, on_step: Callable[[int], None]) -> list[Image.Image]:
        def after_step(_pipe: object, step: int, _time: object, state: dict[str, Any]) -> Any:
            on_step(step + 1)
            return state

        scheduler = self._pipeline.scheduler
        if isinstance(scheduler, SeededEuler):
            scheduler.generators = drawing.generators
        _, _, height, width = drawing.noise.shape
        scale = int(self._pipeline.vae_scale_factor)
        texts = self.encode_text(drawing.prompts)
        negative = self.encode_text([drawing.negative_prompt]) if drawing.guidance > 0 else []
        sigmas = torch.linspace(1.0, 1 / drawing.steps, drawing.steps)[drawing.skipped :].tolist()
        output = self._pipeline(
            prompt_embeds=texts,
            negative_prompt_embeds=negative * len(texts),
            latents=self._beginning(drawing, sigmas),
            height=height * scale,
            width=width * scale,
            sigmas=sigmas,
            guidance_scale=drawing.guidance,
            callback_on_step_end=after_step,
            callback_on_step_end_tensor_inputs=["latents"],
        )
        return cast(list[Image.Image], output.images)

    def _beginning(self, drawing: Drawing, sigmas: Sequence[float]) -> Tensor:
        """Noise, or the reference under the noise of the first step."""
        if drawing.reference is None:
            return drawing.noise
        scheduler = self._pipeline.scheduler
        config = scheduler.config
        patches = drawing.noise.shape[-2] * drawing.noise.shape[-1] // PATCH**2
        shift = calculate_shift(  # as the pipeline does: a scheduler may ask for it
            patches,
            config.get("base_image_seq_len", 256),
            config.get("max_image_seq_len", 4096),
            config.get("base_shift", 0.5),
            config.get("max_shift", 1.15),
        )
        scheduler.set_timesteps(sigmas=list(sigmas), mu=shift)
        time = 1 - scheduler.sigmas[0].cpu()
        return self.noisy(drawing.reference, drawing.noise, time)

    def _encode_one(self, prompt: str) -> Tensor:
        # Alone, because padding to a longer neighbour would change the last bits; and padded to
        # its own length, because the encoder would take ten times as long over 512 tokens.
        length = min(self._length_of(prompt), self._longest_text())
        states = self._pipeline.encode_prompt(
            prompt=[prompt],  # a new list each time: the pipeline writes the chat template into it
            device=self._device,
            do_classifier_free_guidance=False,
            max_sequence_length=length,
        )[0]
        return cast(Tensor, states[0])

    def _length_of(self, prompt: str) -> int:
        tokenizer = self._pipeline.tokenizer
        templated = tokenizer.apply_chat_template(
            [{"role": "user", "content": prompt}],
            tokenize=False,
            add_generation_prompt=True,
            enable_thinking=True,
        )
        return len(tokenizer(templated).input_ids)

    def _longest_text(self) -> int:
        """Tokens of text that encoder and transformer both have positions for."""
        positions = int(self._transformer.config.axes_lens[0])
        known = int(self._pipeline.text_encoder.config.max_position_embeddings)
        # Text takes positions 1…n after padding, and the picture position n + 1.
        fits = (positions - 2) // TEXT_BLOCK * TEXT_BLOCK
        return min(LONGEST_TEXT, known, fits)


class ZImageFamily:
    """How Z-Image folders are loaded."""

    def load(self, folder: Path, device: torch.device, dtype: torch.dtype) -> LoadedBase:
        try:
            pipeline = ZImagePipeline.from_pretrained(
                str(folder), dtype=dtype, local_files_only=True
            )
        except (OSError, ValueError, KeyError, RuntimeError, AttributeError) as error:
            raise LoadFailed(folder, str(error)) from error
        untyped: Any = pipeline
        untyped.set_progress_bar_config(disable=True)
        if untyped.scheduler.config.get("stochastic_sampling", False):
            untyped.scheduler = SeededEuler.from_config(untyped.scheduler.config)
        untyped.to(device)
        for part in (untyped.transformer, untyped.vae, untyped.text_encoder):
            part.requires_grad_(False)
        return ZImageBase(pipeline)
