"""Running a generation."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from likeness.actions.generation import LARGEST_SEED, Output, finish_generation
from likeness.bases.prompt import Identity, prompt_for
from likeness.bases.sizes import nearest_size
from likeness.jobs.payloads import GenerationPayload
from likeness.jobs.queue import Claim, fence
from likeness.media.picture import fit, save_picture
from likeness.models.blob_keys import output_key
from likeness.models.service import get_adapter
from likeness.store.folder import DataFolder
from likeness.work.source import open_source

if TYPE_CHECKING:
    from likeness.engine.sampling import Sampler
    from likeness.engine.upscaling import Upscaler


def run_generation(
    folder: DataFolder,
    sampler: "Sampler",
    upscaler: "Upscaler",
    claim: Claim,
    report: Callable[[str, int, int], None],
) -> None:
    """Make the pictures of a claimed generation, store them and finish the job.

    Raises `ClaimLost` when the job was cancelled or given to another, `SourceDeleted` when the
    image to begin with is gone, and what the engine raises.
    """
    from likeness.engine.sampling import Reference, SampleRequest

    payload = claim.payload
    assert isinstance(payload, GenerationPayload)
    with folder.database.read() as transaction:
        fence(transaction, claim.token)
        adapter = get_adapter(transaction, payload.adapter_id)
    assert adapter is not None, "a deleted model has no running jobs"
    width, height = nearest_size(sampler.base.manifest, payload.width, payload.height)
    prompt = prompt_for(Identity(adapter["trigger"], adapter["description"]), payload.prompt)
    seeds = tuple((payload.seed + i) % (LARGEST_SEED + 1) for i in range(payload.num_images))
    reference = None
    if payload.input_image_id:
        _, picture = open_source(folder, claim, payload.input_image_id)
        reference = Reference(picture, payload.style_strength)
    request = SampleRequest(
        prompts=(prompt,) * payload.num_images,
        seeds=seeds,
        width=width,
        height=height,
        steps=payload.steps,
        reference=reference,
    )
    pictures = sampler.sample(
        request,
        folder.blobs.path(adapter["blob_key"]),
        lambda step, steps: report("sampling", step, steps),
    )
    outputs: list[Output] = []
    for position, (picture, seed) in enumerate(zip(pictures, seeds, strict=True)):
        report("saving", position, payload.num_images)
        data: dict[str, Any] = {
            "prompt": payload.prompt,
            "preset": payload.preset or "",
            "inputImageId": payload.input_image_id or "",
            "fullPrompt": prompt,
            "seed": seed,
            "width": payload.width,
            "height": payload.height,
            "sampledWidth": width,
            "sampledHeight": height,
            "synthetic": True,
            "jobId": claim.job_id,
            "base": adapter["base"],
            "adapterVersion": adapter["version"],
        }
        key = output_key(claim.model_id, claim.job_id, claim.token, position)
        with folder.place(claim.token) as place:
            path = place / "picture.jpg"
            large = upscaler.reach(picture, payload.width, payload.height)
            with path.open("wb") as file:
                save_picture(fit(large, payload.width, payload.height), file)
            folder.blobs.put(key, path)
        outputs.append(Output(position, data))
    with folder.database.write() as transaction:
        finish_generation(transaction, claim, outputs)
