"""Rows of webhooks, of the messages for them, and of every attempt to deliver one."""

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    literal_column,
    text,
)

from likeness.store.metadata import metadata

_WAITING = text("status = 'waiting'")

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String, primary_key=True),
    Column("account_id", String, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("url", String, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("removed_at", Float),
)

messages = Table(
    "messages",
    metadata,
    Column("id", String, primary_key=True),
    Column("account_id", String, ForeignKey("accounts.id"), nullable=False),
    Column("job_id", String, nullable=False),
    # The webhook that it is for; none, where the request named the address.
    Column("webhook_id", String),
    Column("url", String, nullable=False),
    Column("type", String, nullable=False),
    Column("status", String, nullable=False),
    Column("attempt", Integer, nullable=False),
    # The next attempt: not before `due_at`, and its outcome is written by who has the token.
    Column("due_at", Float, nullable=False),
    Column("token", String),
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
    Index("ix_messages_due", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    Index("ix_messages_account_id_id", "account_id", "id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String, primary_key=True),
    Column("message_id", String, ForeignKey("messages.id"), nullable=False),
    Column("started_at", Float, nullable=False),
    Column("seconds", Float, nullable=False),
    # What was answered, or why nothing was.
    Column("answer", Integer),
    Column("error", String),
    Index("ix_deliveries_message_id_id", "message_id", "id"),
)

# Said literally, as in `jobs/table.py`, so that the index of those that wait serves it.
WAITING = messages.c.status == literal_column("'waiting'")
