"""Who works here and how the authority is set: people, posts, teams, leavers, access reviews, settings."""
