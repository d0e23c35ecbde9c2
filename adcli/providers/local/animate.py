"""Free draft of stage ``animate``: a camera move over the picture, composed later by stage ``scene``.

The clip is a move container (``adcli.media.layers``). A picture that was drawn here comes in its layers, of
which each moves as its depth asks for; any other one is a layer by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from adcli.work import File, Job, Made

if TYPE_CHECKING:
    from PIL import Image

    from adcli.media.layers import Piece
    from adcli.units import Size

_COVER = (1296, 2304)  # 1.2 times the tallest frame, so that a zoom stays sharp
_LONGEST = 4096


def body(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Params of the task: the picture and the name of the move; its seconds change nothing."""
    from adcli.media.camera import move_name

    source = "layers" if fields.get("layers") else "image"
    return {source: fields[source], "move": move_name(str(fields.get("motion") or ""))}


def make(job: Job) -> Made:
    """The container: every layer of the picture with its own track."""
    from adcli.media.camera import MOVES
    from adcli.media.layers import MOVE_TYPE, read_layers, write_move

    layers = job.params.get("layers")
    size, pieces = read_layers(job.file(layers).path) if layers else _whole(job)
    target, move = job.workdir / "clip.zip", MOVES[job.params["move"]]
    write_move(target, size, pieces, [move.track(piece.depth) for piece in pieces])
    return Made({"clip": File(target, MOVE_TYPE, {"width": size.width, "height": size.height})})


def _whole(job: Job) -> tuple[Size, tuple[Piece, ...]]:
    from adcli.media.layers import flat
    from adcli.media.photo import open_photo
    from adcli.providers.local.drawing.finish import on_neutral

    piece = flat(_working_size(on_neutral(open_photo(job.file(job.params["image"]).path))))
    return piece.size, (piece,)


def _working_size(picture: Image.Image) -> Image.Image:
    """Never larger than covering the frame needs, nor longer than 4096 px."""
    cover = max(_COVER[0] / picture.width, _COVER[1] / picture.height)
    scale = min(1.0, cover, _LONGEST / max(picture.size))
    if scale == 1.0:
        return picture
    return picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))))
