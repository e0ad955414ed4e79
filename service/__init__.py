"""What people and programs ask Dateline for: the nouns of the press office and their doors."""

__version__ = "0.1.0"
