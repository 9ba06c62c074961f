"""Telling accounts by HTTP that their jobs are over: where to, and what became of each message."""
