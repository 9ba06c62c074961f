"""Images need not belong to a trained model: public models make some, too."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the foreign key."""
    with op.batch_alter_table("images") as table:
        table.drop_constraint(op.f("fk_images_model_id_models"), type_="foreignkey")
