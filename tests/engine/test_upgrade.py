"""What happens when the encoder's parameter sets change between two runs, as an ffmpeg upgrade does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from adcli.engine.pool import Failure
from adcli.work import File, Job, Made
from tests.engine.studio import Studio, TinyMakers


class Encoders(TinyMakers):
    """Segments carry the encoder that made them; unlike ones can't be joined, as with the real stage."""

    def __init__(self, encoder: str) -> None:
        super().__init__()
        self._encoder = encoder

    async def make(self, job: Job, priority: int, started: Callable[[], None]) -> Made:
        if job.stage == "assemble":
            used = {job.file(ref).meta["extradata_sha256"] for ref in job.params["segments"]}
            if len(used) > 1:
                raise Failure({"code": "segments-differ", "message": "another encoder"})
        made = await super().make(job, priority, started)
        if job.stage != "scene":
            return made
        segment = made.outputs["segment"]
        assert isinstance(segment, File)
        segment.path.write_text(f"{segment.path.read_text()} {self._encoder}")
        return Made({"segment": File(segment.path, segment.media_type, {"extradata_sha256": self._encoder})})


def test_segments_of_an_older_encoder_are_made_again_and_joined(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    studio.run(Encoders("old"))
    made = studio.edit(scenes={"body-1": {"voiceover": "Calm skin."}}).run(Encoders("new"))
    assert studio.result["exit_code"] == 0, studio.result["ads"]
    assert {name for name in made if "/scene@1x1" in name} == {
        task["id"] for task in studio.result["tasks"] if "/scene@1x1" in task["id"]
    }
    assert studio.run(Encoders("new")) == set()
