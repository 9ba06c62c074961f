"""A fleet: workers as Ray actors, on all machines of a cluster."""
