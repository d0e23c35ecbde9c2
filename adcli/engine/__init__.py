"""The only concurrent code: runs a plan, keeps limits, calls services, saves what comes back."""
