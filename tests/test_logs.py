"""Log lines, as programs and people read them."""

import json
import logging
import subprocess
import sys
from threading import Thread

import pytest

PROGRAM = """
import logging
from likeness.logs import about, start_logging
start_logging("{form}")
log = logging.getLogger("likeness.test")
log.info("before")
with about("a job", "an account"):
    log.info("within %d", 1)
    try:
        raise ValueError("what went wrong")
    except ValueError:
        log.exception("it failed")
log.info("after", extra={{"account": "another"}})
"""


def lines(form: str) -> list[str]:
    command = [sys.executable, "-c", PROGRAM.format(form=form)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr.splitlines()


def test_a_line_is_an_object_that_says_what_it_is_about() -> None:
    before, within, failed, after = map(json.loads, lines("json"))
    assert before["message"] == "before"
    assert "job" not in before
    assert within["message"] == "within 1"
    assert (within["job"], within["account"]) == ("a job", "an account")
    assert within["level"] == "INFO"
    assert within["logger"] == "likeness.test"
    assert "what went wrong" in failed["exc_info"]
    assert after["account"] == "another"


def test_people_read_a_sentence() -> None:
    said = lines("text")
    assert said[0].endswith("INFO likeness.test: before")


def test_threads_are_about_jobs_of_their_own(caplog: pytest.LogCaptureFixture) -> None:
    from likeness.logs import Facts, about

    caplog.handler.addFilter(facts := Facts())
    log = logging.getLogger("likeness.test")

    def work(name: str) -> None:
        with about(name, "an account"):
            log.warning(name)

    try:
        with about("outer", "an account"):
            threads = [Thread(target=work, args=(name,)) for name in ("one", "two")]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            log.warning("outer")
    finally:
        caplog.handler.removeFilter(facts)
    assert all(record.__dict__["job"] == record.message for record in caplog.records)
    assert len(caplog.records) == 3
