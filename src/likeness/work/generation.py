"""Running a generation."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from sqlalchemy import RowMapping

from likeness import metrics
from likeness.actions.generation import LARGEST_SEED, finish_generation
from likeness.actions.outcome import Made
from likeness.bases import Manifest
from likeness.bases.prompt import Identity, prompt_for
from likeness.bases.sizes import nearest_size
from likeness.jobs.payloads import GenerationPayload
from likeness.jobs.queue import Claim, fence
from likeness.models.service import get_adapter
from likeness.settings import Settings
from likeness.store.folder import DataFolder
from likeness.work.batch import Attempt, Wish
from likeness.work.commit import commit
from likeness.work.saving import store_picture
from likeness.work.source import AdapterGone, open_reference

if TYPE_CHECKING:
    from likeness.engine.enhancing import FaceEnhancer
    from likeness.engine.sampling import Sampler, SampleRequest
    from likeness.engine.upscaling import Upscaler

Report = Callable[[str, int, int], None]


def run_generation(
    folder: DataFolder,
    settings: Settings,
    sampler: "Sampler",
    upscaler: "Upscaler",
    claim: Claim,
    report: Report,
) -> Attempt:
    """Make the pictures of a claimed generation, store them and finish the job; it stops once, for
    the pictures to be drawn.

    Raises `ClaimLost` when the job was cancelled or given to another, `SourceError` when the image
    to begin with or the adapter cannot be had, and what the engine raises.
    """
    from likeness.engine.enhancing import FaceEnhancer
    from likeness.engine.sampling import Reference, SampleRequest

    payload = claim.payload
    assert isinstance(payload, GenerationPayload)
    adapter = _adapter(folder, claim, payload)
    width, height = nearest_size(sampler.base.manifest, payload.width, payload.height)
    prompt = payload.prompt
    if adapter:
        prompt = prompt_for(Identity(adapter["trigger"], adapter["description"]), prompt)
    seeds = tuple((payload.seed + i) % (LARGEST_SEED + 1) for i in range(payload.num_images))
    reference = None
    if payload.source:
        picture = open_reference(folder, settings, claim, payload.source)
        reference = Reference(picture, payload.strength)
    request = SampleRequest(
        prompts=(prompt,) * payload.num_images,
        seeds=seeds,
        width=width,
        height=height,
        steps=payload.steps,
        reference=reference,
    )
    file = _file_of(folder, adapter) if adapter else None
    if file:
        metrics.ADAPTERS.labels("hit" if sampler.has(file) else "miss").inc()
    drawn = yield Wish(request, file, lambda step, steps: report("sampling", step, steps))
    plain = _sized(drawn, payload, upscaler, report)
    pictures = plain
    if payload.enhance_face and file:
        pictures = _enhanced(plain, request, file, FaceEnhancer(sampler, upscaler), report)
    made: list[Made] = []
    for position, (picture, seed) in enumerate(zip(pictures, seeds, strict=True)):
        report("saving", position, payload.num_images)
        data: dict[str, Any] = {
            "prompt": payload.prompt,
            "preset": payload.preset or "",
            "inputImageId": payload.source.image_id if payload.source else "",
            "fullPrompt": prompt,
            "seed": seed,
            "width": payload.width,
            "height": payload.height,
            "sampledWidth": width,
            "sampledHeight": height,
            "enhanceFace": picture is not plain[position],
            "synthetic": True,
            "jobId": claim.job_id,
            **_made_by(sampler.base.manifest.name, adapter),
        }
        made.append(store_picture(folder, claim, position, picture, data, format=payload.format))
    commit(folder.database, lambda transaction: finish_generation(transaction, claim, made))


def drawn_alike(one: GenerationPayload, other: GenerationPayload, manifest: Manifest) -> bool:
    """Whether two generations can be drawn at once: of one person, in one size of the base, in as
    many steps, and none from a picture."""

    def alike(payload: GenerationPayload) -> tuple[object, ...]:
        size = nearest_size(manifest, payload.width, payload.height)
        return payload.adapter_id, size, payload.steps, payload.source

    return one.source is None and alike(one) == alike(other)


def _sized(
    drawn: list[Image.Image], payload: GenerationPayload, upscaler: "Upscaler", report: Report
) -> list[Image.Image]:
    """The pictures in the size that was asked for."""
    from likeness.engine.faces import shipped_reader
    from likeness.engine.framing import framed

    width, height = payload.width, payload.height
    sized: list[Image.Image] = []
    for picture in drawn:
        done = len(sized)
        large = upscaler.reach(
            picture, width, height, lambda *_, done=done: report("enlarging", done, len(drawn))
        )
        sized.append(framed(large, width, height, shipped_reader()))
    return sized


def _enhanced(
    pictures: list[Image.Image],
    request: "SampleRequest",
    adapter: Path,
    enhancer: "FaceEnhancer",
    report: Report,
) -> list[Image.Image]:
    """The pictures with better faces, where there are any; the same ones where not."""
    enhanced: list[Image.Image] = []
    for picture, prompt, seed in zip(pictures, request.prompts, request.seeds, strict=True):

        def on_step(step: int, steps: int, done: int = len(enhanced)) -> None:
            report("enhancing", done * steps + step, len(pictures) * steps)

        alone = replace(request, prompts=(prompt,), seeds=(seed,))
        enhanced.append(enhancer.enhance(picture, alone, adapter, on_step))
    return enhanced


def _adapter(folder: DataFolder, claim: Claim, payload: GenerationPayload) -> RowMapping | None:
    """The adapter to draw with; None where the base stands in for a public model."""
    with folder.database.read() as transaction:
        fence(transaction, claim.token)
        if payload.adapter_id is None:
            return None
        adapter = get_adapter(transaction, payload.adapter_id)
    assert adapter is not None, "a deleted model has no running jobs"
    return adapter


def _file_of(folder: DataFolder, adapter: RowMapping) -> Path:
    try:
        # Kept for the next pictures of this person, whose adapter is applied already by then.
        return folder.blobs.fetch(adapter["blob_key"], folder.copies)
    except FileNotFoundError:
        raise AdapterGone(AdapterGone.__doc__) from None


def _made_by(base: str, adapter: RowMapping | None) -> dict[str, Any]:
    if adapter is None:
        # Whoever reads the record must not take our base for the model that it stands in for.
        return {"base": base, "engine": f"local:{base}"}
    return {"base": adapter["base"], "adapterVersion": adapter["version"]}
