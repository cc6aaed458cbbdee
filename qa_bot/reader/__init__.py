"""A second look: a model reads question and passage together and says which words answer, and how surely."""
