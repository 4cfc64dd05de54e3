"""Benchmarks: each workload in turn with its yardstick, in one run, on data that is made for it and thrown away."""

# What `onroll bench` can be asked for, by the names of docs/figures.md.
NAMES = ("M1", "W2", "W3")
