"""Images name their newest enlarged version."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("images", sa.Column("upscaled_id", sa.String(), nullable=True))
    op.create_index(op.f("ix_images_upscaled_id"), "images", ["upscaled_id"], unique=False)
