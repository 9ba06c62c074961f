"""Tasks that a provider has begun for a job, kept so that whoever goes on with the job does not
ask, and pay, for the same again."""

from pydantic import TypeAdapter

from likeness.jobs import queue
from likeness.jobs.queue import Claim
from likeness.models.blob_keys import tasks_key
from likeness.store.folder import DataFolder
from likeness.work.commit import commit

_IDS = TypeAdapter(dict[int, str])


class Tasks:
    """The tasks of one job: their ids, by the positions of what they make."""

    def __init__(self, folder: DataFolder, claim: Claim) -> None:
        """Reads what an attempt before has kept."""
        self._folder = folder
        self._claim = claim
        self.ids: dict[int, str] = {}
        if claim.checkpoint_key is not None:
            self.ids = _IDS.validate_json(folder.blobs.read(claim.checkpoint_key))

    def keep(self, position: int, task: str) -> None:
        """Keep one more. Raises `ClaimLost`."""
        claim = self._claim
        self.ids[position] = task
        count = len(self.ids)
        key = tasks_key(claim.model_id, claim.job_id, claim.token, count)
        self._folder.blobs.put(key, _IDS.dump_json(self.ids))
        before = commit(
            self._folder.database,
            lambda transaction: queue.save_checkpoint(transaction, claim.token, key, count),
        )
        if before not in (None, key):  # itself, if the answer to the first try was lost
            self._folder.discard(before)
