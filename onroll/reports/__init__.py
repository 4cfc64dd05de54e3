"""Reports made of measures: the scorecard of each audience, the figures on the home page, the inspection morning, and
papers."""
