"""The HTTP face: one module per resource of the contract."""
