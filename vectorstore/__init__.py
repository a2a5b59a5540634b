"""Articles in, passages out. Knows nothing of models that write."""
