"""The sender: delivers what the outbox holds, within `likeness serve`.

Several servers share one outbox: a message is claimed for a while, and one whose sender died is
claimed again. A worker has no part in it, so a slow receiver never holds one up.
"""

import logging
import time
from collections import Counter
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import partial
from threading import Event as Flag
from threading import Lock, Thread

from likeness.accounts.service import Account
from likeness.actions.records import Event, read_job
from likeness.fetching import Fetcher, FetchError, Reply
from likeness.settings import Settings, networks_of
from likeness.store.folder import DataFolder
from likeness.store.signing import Signer
from likeness.store.unreachable import Unreachable
from likeness.webhooks import outbox
from likeness.webhooks.signature import sign, signing_secret
from likeness.wire import timestamp
from likeness.work.commit import commit

log = logging.getLogger(__name__)

PATIENCE = 20.0
"""Seconds that a receiver has to answer: Standard Webhooks recommends 15 to 30."""

LEASE = 60.0
"""Seconds after which a message whose sender was killed is sent again: more than one takes."""

AT_ONCE, OF_ONE_ACCOUNT = 16, 4
"""Messages that are sent at once, of all accounts and of one, whose receivers may all be slow."""

PAUSE = 0.5
"""Seconds between two looks at the outbox."""

GRACE = 3.0
"""Seconds that a server which stops waits for what is being sent; the rest is sent again."""


class Sender:
    """Sends messages, each in a thread, as long as it runs."""

    def __init__(self, settings: Settings, folder: DataFolder, root: str) -> None:
        """`root` is the address of this server for clients, below which it serves files."""
        self._database = folder.database
        self._secret = folder.signing_secret(settings)
        self._file_url = partial(Signer(self._secret, settings.url_ttl).url, root)
        self._fetcher = Fetcher(networks_of(settings.fetch_allow), seconds=PATIENCE)
        self._stop = Flag()
        self._under_way = Counter[str]()
        self._lock = Lock()
        self._thread = Thread(target=self._run, name="sender", daemon=True)

    def start(self) -> None:
        """Begin to look at the outbox."""
        self._thread.start()

    def stop(self) -> None:
        """Claim nothing more, and wait a little for what is being sent."""
        self._stop.set()
        self._thread.join()
        limit = time.monotonic() + GRACE
        while self._under_way.total() and time.monotonic() < limit:
            time.sleep(0.05)

    def _run(self) -> None:
        while not self._stop.wait(PAUSE):
            try:
                while not self._stop.is_set() and self._send_next():
                    pass
            except Unreachable as error:
                log.warning("webhooks wait: %s", error)
            except Exception:
                log.exception("looking for webhooks failed; the next look follows")

    def _send_next(self) -> bool:
        """Begin to send what has been due for longest; False when nothing is, or all hands are
        full. Raises `Unreachable`."""
        with self._lock:
            if self._under_way.total() >= AT_ONCE:
                return False
            busy = [name for name, count in self._under_way.items() if count >= OF_ONE_ACCOUNT]
        with self._database.read() as transaction:  # a sender without messages only reads
            if not outbox.has_due(transaction, busy):
                return False
        with self._database.write() as transaction:
            message = outbox.claim(transaction, LEASE, busy)
        if message is None:
            return False
        with self._lock:
            self._under_way[message.account_id] += 1
        Thread(target=self._deliver, args=(message,), name="delivery", daemon=True).start()
        return True

    def _deliver(self, message: outbox.Message) -> None:
        try:
            outcome = self._send(message)
            gone = outcome.answer == outbox.GONE
            if commit(
                self._database,
                lambda transaction: outbox.record(transaction, message, outcome),
                alone=gone,
            ):
                said = outcome.error or f"answered {outcome.answer}"
                log.info("webhook %s, attempt %d: %s", message.id, message.attempt, said)
        except Unreachable as error:
            log.warning("webhook %s will be sent again: %s", message.id, error)
        except Exception:
            log.exception("webhook %s will be sent again", message.id)
        finally:
            with self._lock:
                self._under_way -= Counter([message.account_id])

    def _send(self, message: outbox.Message) -> outbox.Outcome:
        with self._database.read() as transaction:
            account = Account(message.account_id)
            job, _ = read_job(transaction, account, self._file_url, message.job_id)
            now = transaction.now
        event = Event(type=message.type, timestamp=timestamp(message.created_at), data=job)
        body = event.model_dump_json(exclude_none=True).encode()
        secret = signing_secret(self._secret, message.webhook_id or message.account_id)
        started = time.monotonic()
        try:
            reply = self._fetcher.post(
                message.url,
                body,
                {
                    "Content-Type": "application/json",
                    "webhook-id": message.id,
                    "webhook-timestamp": str(int(now)),
                    "webhook-signature": sign(secret, message.id, int(now), body),
                },
            )
        except FetchError as error:
            return outbox.Outcome(now, time.monotonic() - started, error=str(error)[:500])
        except Exception:  # else it would be tried once a minute for ever
            log.exception("webhook %s cannot be sent", message.id)
            said = "this server could not send it; its log says why"
            return outbox.Outcome(now, time.monotonic() - started, error=said)
        seconds = time.monotonic() - started
        return outbox.Outcome(
            now, seconds, answer=reply.status, retry_after=seconds_asked(reply, now)
        )


def seconds_asked(reply: Reply, now: float) -> float:
    """For how many seconds a reply asks to be left alone: its `Retry-After`, as seconds or as a
    date; 0 without one."""
    asked = reply.headers.get("retry-after", "").strip()
    try:
        if asked.isascii() and asked.isdigit():
            return float(asked)
        moment = parsedate_to_datetime(asked)
        return max(0.0, moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() - now)
    except (ValueError, OverflowError):
        return 0.0
