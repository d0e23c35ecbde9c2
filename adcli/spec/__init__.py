"""What users write, as frozen models, and the loading that reports every problem with its place."""
