"""Pages of a model's images."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.rooms import House

from likeness.images import service as images
from likeness.images.schemas import TYPES, Filter, ImageType
from likeness.store.ids import new_id

KINDS: list[ImageType] = ["modelInput", "auxiliaryType", "modelOutput"]


@given(st.lists(st.sampled_from(KINDS), max_size=30), st.sampled_from([*TYPES]), st.integers(1, 12))
@settings(max_examples=30)
def test_pages_together_are_all_images_newest_first(
    shared_house: House, kinds: list[ImageType], show: Filter, size: int
) -> None:
    with shared_house.folder.database.write() as transaction:
        model_id, ids = shared_house.model(transaction), [new_id() for _ in kinds]
        for image_id, kind in zip(ids, kinds, strict=True):
            images.add_image(
                transaction,
                image_id=image_id,
                account_id=shared_house.account.id,
                model_id=model_id,
                image_type=kind,
                blob_key=f"models/{model_id}/{image_id}.jpg",
                data={},
            )
    shown: list[str] = []
    with shared_house.folder.database.read() as transaction:
        for page in range(1, len(kinds) + 2):
            rows = images.list_images(transaction, shared_house.account, model_id, show, page, size)
            assert len(rows) <= size
            shown += [row["id"] for row in rows]

    wanted = [image for image, kind in zip(ids, kinds, strict=True) if TYPES[show] in (None, kind)]
    assert shown == wanted[::-1]
