"""Staff, carers and teachers: the posts they hold, from when to when, and where."""
