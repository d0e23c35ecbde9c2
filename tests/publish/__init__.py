"""Publishing: names, a folder, S3."""
