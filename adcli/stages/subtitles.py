"""Stage ``subtitles``: what is said in an ad as SubRip subtitles, for platforms and editors."""

from __future__ import annotations

import json

from adcli.registry import Lane, StageSpec
from adcli.work import File, Job, Made

SPEC = StageSpec("subtitles", 1, ("srt",), Lane.CPU)
"""Output: UTF-8 text with times from the ad's start."""


def make(job: Job) -> Made:
    """Sets the words of every line in cues that can be read."""
    from adcli.media.caption_words import Word
    from adcli.media.srt import subtitles

    lines = [
        [
            Word(row["text"], line["start"] + row["start"], line["start"] + row["end"])
            for row in json.loads(line["words"])
        ]
        for line in job.params["lines"]
    ]
    path = job.workdir / "subtitles.srt"
    path.write_text(subtitles(lines, float(job.params["seconds"])), encoding="utf-8")
    return Made({"srt": File(path, "application/x-subrip")})
