"""How any part is trained: by step, resumable at any moment, watched as it goes."""
