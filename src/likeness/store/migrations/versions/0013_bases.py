"""The base that a job waits for, in its lane; which worker has whose adapter at hand; and an index
by which the sweeper finds checkpoints."""

import os

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_KEPT = sa.text("checkpoint_key IS NOT NULL")
_NEWEST = sa.text("SELECT base FROM adapters ORDER BY created_at DESC LIMIT 1")
_JOBS = sa.text(
    "UPDATE jobs SET lane = lane || :base "
    "WHERE lane IN ('trainings', 'pictures') AND status IN ('queued', 'running')"
)
_STANDINGS = sa.text(
    "UPDATE standings SET lane = lane || :base WHERE lane IN ('trainings', 'pictures')"
)


def upgrade() -> None:
    """Let what waits now wait for the one base that all workers had."""
    op.create_table(
        "at_hand",
        sa.Column("model_id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("model_id", "owner", name=op.f("pk_at_hand")),
    )
    op.create_index(
        "ix_jobs_checkpoint_key",
        "jobs",
        ["checkpoint_key"],
        unique=False,
        sqlite_where=_KEPT,
        postgresql_where=_KEPT,
    )
    # No model has an adapter yet: then the base can only be told by the settings.
    base = op.get_bind().scalar(_NEWEST) or os.environ.get("LIKENESS_BASE", "mini")
    for statement in (_JOBS, _STANDINGS):
        op.execute(statement.bindparams(base=f":{base}"))
