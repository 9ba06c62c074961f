"""People and photos of people, drawn from seeds and rendered."""
