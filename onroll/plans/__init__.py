"""Improvement plans that read their own measures: actions, who leads them, what they say and what the records say."""
