"""The public models: ids that every account may name, and what their options mean."""
