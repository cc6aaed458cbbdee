"""The index in PostgreSQL with pgvector, which several bots and indexers share."""
