"""Stage ``fetch``: material from the web or S3, proved fit for its use; the engine itself does the work."""

from __future__ import annotations

from adcli.registry import Lane, StageSpec

SPEC = StageSpec("fetch", 1, ("file",), Lane.IO, at_once=16)
"""Params: ``address`` without its query, and ``uses``: what the file has to be fit for.

Output: the file as it was at its address when it was first needed.
"""
