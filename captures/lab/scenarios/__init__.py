"""What can be recorded, a file a topic."""
