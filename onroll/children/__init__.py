"""The roll: who each child is, their care, homes, school places and needs, who works with them, who may see them."""
