"""The `hanyeong` command as people and programs use it."""
