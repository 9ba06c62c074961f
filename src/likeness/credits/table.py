"""Rows of balances and of the ledger behind them."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    text,
)

from likeness.store.metadata import metadata

_RESERVE = text("kind = 'reserve'")
_CLOSING = text("kind IN ('settle', 'refund')")

balances = Table(
    "balances",
    metadata,
    Column("account_id", String, ForeignKey("accounts.id"), primary_key=True),
    Column("available", Integer, nullable=False),
    Column("reserved", Integer, nullable=False),
    CheckConstraint("available >= 0", name="available"),
    CheckConstraint("reserved >= 0", name="reserved"),
)

credit_entries = Table(
    "credit_entries",
    metadata,
    Column("id", String, primary_key=True),
    Column("account_id", String, ForeignKey("accounts.id"), nullable=False),
    Column("job_id", String),
    Column("kind", String, nullable=False),
    # By how much it changed the two numbers of the balance.
    Column("available", Integer, nullable=False),
    Column("reserved", Integer, nullable=False),
    Column("note", String, nullable=False),
    Column("created_at", Float, nullable=False),
    Index("ix_credit_entries_account_id_id", "account_id", "id"),
    # A job is reserved for once, and closed once: the database itself holds it.
    Index(
        "uq_credit_entries_reserve",
        "job_id",
        unique=True,
        sqlite_where=_RESERVE,
        postgresql_where=_RESERVE,
    ),
    Index(
        "uq_credit_entries_closing",
        "job_id",
        unique=True,
        sqlite_where=_CLOSING,
        postgresql_where=_CLOSING,
    ),
)
