"""The static graph of tasks that a campaign and its template expand to."""
