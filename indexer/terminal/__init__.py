"""What the command line shows: progress, marked snippets, tables; plain lines where nobody watches."""
