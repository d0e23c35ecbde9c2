"""What survives a run: checkpoints, blobs, open jobs, takes, runs and the lock."""
