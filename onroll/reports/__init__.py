"""Reports made of measures: the scorecard of each audience, on pages and as files."""
