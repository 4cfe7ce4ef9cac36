"""Hanyeong's library: from a folder of documents to passages that can be found and linked.

Text flows one way::

    source file --readers--> Document --passages--> [Passage] --addresses--> permanent ids
       --analysis--> tokens --engine (Whoosh)--> index
    query text --query--> Query --engine--> hits --search--> results grouped by document
       --snippets--> text with spans --templates / JSON / terminal--> a person

Every stage takes frozen values (`indexer.model`) and gives frozen values.  Input and output happen at
the ends: in the readers, the engine, the command line and the web.  Importing this package loads
nothing heavy; Kiwi is loaded the first time a Korean text is analysed.
"""
