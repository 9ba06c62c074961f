from likeness.bases import Identity, prompt_for


def test_parts_come_in_order() -> None:
    identity = Identity("ohwx", "a 27 year old woman with brown eyes")

    assert (
        prompt_for(identity, "at the beach")
        == "photo of ohwx, a 27 year old woman with brown eyes, at the beach"
    )


def test_empty_parts_leave_no_commas() -> None:
    assert prompt_for(Identity("ohwx"), " , ") == "photo of ohwx"
    assert prompt_for(Identity("ohwx"), "smiling, ") == "photo of ohwx, smiling"
