"""Training: from one person's photos to an adapter."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from likeness.bases import Base, Identity, TrainingRecipe
from likeness.engine.adapter import Adapter, AdapterCard, save_adapter
from likeness.engine.checkpoint import RunCard
from likeness.engine.device import (
    choose_device,
    fastest_dtype,
    limit_threads,
    threads_shared_by,
)
from likeness.engine.errors import NoPhotos
from likeness.engine.examples import encode_examples
from likeness.engine.faces import shipped_reader
from likeness.engine.loading import load_base
from likeness.engine.photos import crop_photos, person_of
from likeness.engine.trainer import Trainer

Stage = Literal["preparing", "encoding", "training", "saving"]


@dataclass(frozen=True)
class Progress:
    """How far a training is: `step` of `steps` of this stage are done."""

    stage: Stage
    step: int
    steps: int


@dataclass(frozen=True)
class TrainedAdapter:
    """A finished adapter: its safetensors file, its card, and the loss of every step."""

    path: Path
    card: AdapterCard
    losses: tuple[float, ...]


def train(
    base: Base,
    photos: Sequence[Path],
    identity: Identity,
    *,
    device: str,
    threads: int | None,
    folder: Path,
    resume: Path | None,
    on_progress: Callable[[Progress], None],
    on_checkpoint: Callable[[Path, int], None],
    recipe: TrainingRecipe | None = None,
) -> TrainedAdapter:
    """Learn a person's likeness from photos, by the base's recipe or by `recipe`.

    Works in `folder`, where the adapter is left. `on_progress` is called at every step of every
    stage and may raise to cancel. `on_checkpoint(file, step)` gets a file that `resume` takes; it
    is replaced by the next one. A resumed run ends in the same bits as one that was never
    interrupted, on the same machine with the same number of threads. Raises NoPhotos,
    DeviceMissing, MissingPart, LoadFailed, CheckpointUnreadable and CheckpointMismatch.
    """
    if not photos:
        raise NoPhotos
    recipe = recipe or base.manifest.training
    if threads is not None:
        limit_threads(threads)
    place = choose_device(device)

    on_progress(Progress("preparing", 0, len(photos)))
    crops = crop_photos(
        photos,
        shipped_reader(),
        recipe,
        lambda done: on_progress(Progress("preparing", done, len(photos))),
    )
    on_progress(Progress("encoding", 0, len(crops)))
    loaded = load_base(base, place, fastest_dtype(place))
    examples = encode_examples(
        loaded,
        crops,
        identity,
        lambda done: on_progress(Progress("encoding", done, len(crops))),
    )
    loaded.keep_only_network()

    run = RunCard(
        fingerprint=base.fingerprint,
        trigger=identity.trigger,
        description=identity.description,
        photos=_digest(photos),
        recipe=recipe,
    )
    with threads_shared_by(recipe.batch_size, place) as shares:
        trainer = Trainer(loaded, examples, recipe, place, shares)
        if resume is not None:
            trainer.resume(resume, run)
        on_progress(Progress("training", trainer.step, recipe.steps))
        while trainer.step < recipe.steps:
            trainer.advance()
            on_progress(Progress("training", trainer.step, recipe.steps))
            if trainer.step % recipe.checkpoint_every == 0 and trainer.step < recipe.steps:
                on_checkpoint(trainer.save(folder / "checkpoint.safetensors", run), trainer.step)

    on_progress(Progress("saving", 0, 1))
    card = AdapterCard(
        base=base.manifest.name,
        fingerprint=base.fingerprint,
        family=base.manifest.family,
        trigger=identity.trigger,
        description=identity.description,
        recipe=recipe,
        person=person_of(crops),
    )
    path = folder / "adapter.safetensors"
    save_adapter(path, Adapter(card, trainer.lora.state(), trainer.lora.config()))
    on_progress(Progress("saving", 1, 1))
    return TrainedAdapter(path, card, trainer.losses)


def _digest(photos: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for photo in photos:
        digest.update(hashlib.sha256(photo.read_bytes()).digest())
    return digest.hexdigest()
