"""From a photo and a motion to how somebody looks at every moment of a clip."""
