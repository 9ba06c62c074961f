"""`likeness doctor`: is all there that a server or a worker needs, and what to do where it is not.

It changes nothing, but for one blob that it puts into the blob store and takes out again.
"""
