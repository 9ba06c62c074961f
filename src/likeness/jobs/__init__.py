"""Jobs: asynchronous work, the queue that it waits in, and the claims of those who do it."""
