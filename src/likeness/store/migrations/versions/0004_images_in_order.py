"""Pages of all images of a model are read in their order, without sorting them."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index images by model and id."""
    op.create_index(op.f("ix_images_model_id_id"), "images", ["model_id", "id"])
