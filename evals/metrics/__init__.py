"""The metrics, one idea a file: pure functions of an answer and what it should have been."""
