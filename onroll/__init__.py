"""Onroll: the virtual school management system."""

__version__ = "0.1.0"
