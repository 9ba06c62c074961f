"""What mini is worth: figures by a judge that no part was chosen by."""
