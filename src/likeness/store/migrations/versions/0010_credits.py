"""Balances, the ledger behind them, and what each job costs."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_RESERVE = sa.text("kind = 'reserve'")
_CLOSING = sa.text("kind IN ('settle', 'refund')")


def upgrade() -> None:
    """Add the tables and the column."""
    op.create_table(
        "balances",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("available", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.CheckConstraint("available >= 0", name="available"),
        sa.CheckConstraint("reserved >= 0", name="reserved"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_balances_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_balances")),
    )
    op.create_table(
        "credit_entries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("job_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("available", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_credit_entries_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_entries")),
    )
    op.create_index(
        op.f("ix_credit_entries_account_id_id"),
        "credit_entries",
        ["account_id", "id"],
        unique=False,
    )
    for name, where in (("reserve", _RESERVE), ("closing", _CLOSING)):
        op.create_index(
            op.f(f"uq_credit_entries_{name}"),
            "credit_entries",
            ["job_id"],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )
    op.add_column(
        "jobs", sa.Column("credits", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
