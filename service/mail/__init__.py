"""From a revision and a journalist to the bytes of one mail."""
