"""Speed, size and memory beside other engines: `python -m tests.bench --help`."""
