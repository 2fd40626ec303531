"""What is worked out of the record and of files, in processes of their own: the engine itself never waits for it."""
