"""Components: forms, tables, tags, timelines and pictures, after govuk-frontend."""
