"""Files about a child: what may come in, who may see each, and the files themselves, encrypted outside the database."""
