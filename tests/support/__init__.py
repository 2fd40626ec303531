"""What tests with real engines, workers and tools share."""
