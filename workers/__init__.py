"""What Dateline does by itself: planning, sending, reading what comes back, keeping house."""
