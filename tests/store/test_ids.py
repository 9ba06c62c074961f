"""Identifiers."""

from hypothesis import given
from hypothesis import strategies as st

from likeness.store.ids import is_id, new_id


def test_ids_are_uuids_of_version_7_in_order() -> None:
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(set(ids))
    assert all(is_id(text) and text[14] == "7" for text in ids)


@given(st.text())
def test_other_texts_are_not_ids(text: str) -> None:
    assert not is_id(text)


def test_nearly_ids_are_not_ids() -> None:
    text = new_id()
    for wrong in (text.upper(), text + "\n", " " + text, text[:-1], text.replace("-", "")):
        assert not is_id(wrong)
