"""Rows of accounts, API keys, and answers that are given again."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table

from likeness.store.metadata import metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("created_at", Float, nullable=False),
    # Who is served first, and how much of a share it gets among those of the same priority.
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("weight", Float, nullable=False, server_default="1"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("account_id", String, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("hash", String, nullable=False, unique=True),
    Column("created_at", Float, nullable=False),
    Column("revoked_at", Float),
    # Until when its requests so far use up the rate that it may send at.
    Column("spent_until", Float),
)

answers = Table(
    "answers",
    metadata,
    Column("account_id", String, ForeignKey("accounts.id"), primary_key=True),
    Column("key", String, primary_key=True),
    # What was asked, as a hash; then what was answered, unless it was about a model now deleted.
    Column("asked", String, nullable=False),
    Column("body", String),
    Column("model_id", String),
    Column("created_at", Float, nullable=False, index=True),
    Index(None, "model_id"),
)
