"""The local authority's own settings: name, teams, calendar, order of trust between sources."""
