"""Settings, addresses, the home page and the command line: where the parts are put together."""
