"""What rendering costs, beside the least it can cost and beside what others take for the same ad."""
