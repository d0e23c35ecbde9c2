"""Fixtures that all tests can ask for."""

pytest_plugins = ["tests.s3_server"]
