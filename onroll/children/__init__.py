"""The roll: who each child is, their care, placements, school places and needs, who works with them, and who may see them."""
