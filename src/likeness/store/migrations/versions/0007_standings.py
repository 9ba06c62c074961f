"""Standings of accounts: whose turn it is."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_WAITING = sa.text("waiting > 0")
_QUEUED = sa.text("status = 'queued'")

_LANES = (
    "UPDATE jobs SET lane = CASE WHEN kind = 'training' THEN 'trainings' "
    "ELSE 'orders' END WHERE kind IN ('training', 'picture_order', 'video_order')"
)
# Whoever waits now begins with all others.
_STANDINGS = (
    "INSERT INTO standings (account_id, lane, rank, at, waiting) "
    "SELECT account_id, lane, -priority, 0, count(*) FROM jobs WHERE status = 'queued' "
    "GROUP BY account_id, lane, priority"
)


def upgrade() -> None:
    """Add the table and the columns, and count the jobs that wait."""
    op.add_column(
        "accounts", sa.Column("priority", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("accounts", sa.Column("weight", sa.Float(), nullable=False, server_default="1"))
    op.create_table(
        "standings",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_standings_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("account_id", "lane", "rank", name=op.f("pk_standings")),
    )
    op.create_index(
        op.f("ix_standings_rank_lane_at"), "standings", ["rank", "lane", "at"], unique=False
    )
    op.create_index(
        "ix_standings_waiting",
        "standings",
        ["lane", "rank", "at", "account_id"],
        unique=False,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.drop_index("ix_jobs_queued", "jobs")
    # The default spares SQLite to write the whole table anew.
    op.add_column("jobs", sa.Column("lane", sa.String(), nullable=False, server_default="pictures"))
    op.execute(_LANES)
    op.create_index(
        "ix_jobs_queued",
        "jobs",
        ["account_id", "lane", "priority", "id"],
        unique=False,
        sqlite_where=_QUEUED,
        postgresql_where=_QUEUED,
    )
    op.execute(_STANDINGS)
