"""Fixtures that all tests can ask for."""

pytest_plugins = ["tests.emulator.fixture", "tests.crash.fixture", "tests.s3_server"]
