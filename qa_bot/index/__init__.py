"""What ``embeddings/`` holds: immutable generations of documents, vectors and keyword statistics."""
