"""How well Hanyeong finds and pairs, measured on judged data: `python -m tests.relevance --help`."""
