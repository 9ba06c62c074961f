"""Who owns models, images and jobs, and the API keys that speak for them."""
