"""What people are told, by which channel, delivered or not."""
