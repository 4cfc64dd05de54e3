"""The meeting of a plan: who is asked to it, what they answer, who came, and what they agreed to do."""
