"""Benchmarks to run by hand; they may print."""
