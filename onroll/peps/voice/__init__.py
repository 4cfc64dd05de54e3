"""The young person's own part of a plan: the questions they are asked, the pass that opens their pages, what they said
and who may read it, and what happens when an answer may mean that somebody is not safe.

Their pages name nobody and nothing around them: a telephone that is found open tells of no plan, school or service.
"""
