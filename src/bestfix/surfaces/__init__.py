"""The doors: every way in which a user meets bestfix."""
