"""Providers: one service a module, found by the registry."""
