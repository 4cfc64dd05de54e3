"""The register of schools and other settings: identity, status, predecessors and successors, inspections."""
