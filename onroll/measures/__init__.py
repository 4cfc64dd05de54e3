"""Figures about groups of children: one file a measure, words first, and the engine that reads each of them."""
