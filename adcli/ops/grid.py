"""Operation ``grid``: shows the video beside others, in cells."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from adcli.ops._base import Corner
from adcli.registry import OpSpec
from adcli.spec.template import Model
from adcli.spec.values import AssetPath, Color, Expected, Line

if TYPE_CHECKING:
    from adcli.media.film import Film

Side = Annotated[int, Field(ge=1, le=4)]


class Settings(Model):
    """What stands beside the video, and how."""

    files: Annotated[
        tuple[AssetPath, ...],
        Field(
            min_length=1, max_length=11, strict=False, description="Videos or pictures for the other cells."
        ),
    ]
    rows: Annotated[
        Side | None, Field(description="Rows of cells; chosen by the frame's shape by default.")
    ] = None
    columns: Annotated[Side | None, Field(description="Columns of cells; chosen likewise.")] = None
    place: Annotated[
        int, Field(ge=1, le=12, description="Which cell this video takes, counted from the upper left.")
    ] = 1
    gap: Annotated[float, Field(ge=0, le=0.1, description="Gap, as a share of the frame's shorter side.")] = (
        0.018
    )
    border: Annotated[bool, Field(description="The gap goes all around, too.")] = True
    radius: Annotated[
        Corner, Field(description="Radius of the corners, as a share of a cell's shorter side.")
    ] = 0.06
    background: Annotated[Color, Field(description="Colour between the cells.")] = "#111111"
    labels: Annotated[
        tuple[Line, ...],
        Field(max_length=12, strict=False, description="A text for each cell, in order of the cells."),
    ] = ()

    @model_validator(mode="after")
    def _fits(self) -> Settings:
        count = len(self.files) + 1
        if self.place > count:
            raise Expected(f"a place from 1 to {count}: there are {count} cells")
        if len(self.labels) > count:
            raise Expected(f"at most {count} labels: there are {count} cells")
        rows, columns = self.rows or 4, self.columns or 4
        if rows * columns < count:
            raise Expected(f"rows and columns for {count} cells")
        return self


SPEC = OpSpec(
    "grid", 1, "Show the video beside other videos or pictures, in cells", Settings, {"files": "shot"}
)


def apply(film: Film, settings: Settings) -> None:
    """The frame keeps its size; a row that isn't full has wider cells. What is too short stands still."""
    from adcli.media.film_fit import cover
    from adcli.media.film_grid import arranged, draw_grid

    count, size = len(settings.files) + 1, film.size
    gap = round(settings.gap * min(size.width, size.height))
    cells = arranged(count, size, gap, settings.rows, settings.columns, settings.border)
    others = [Path(path) for path in settings.files]
    below = ""
    for number, cell in enumerate(cells, start=1):
        if number == settings.place:
            shown = film.chain([film.label], cover(cell.size))
        else:
            shown = film.shot(others.pop(0), cell.size, film.frames)
        if not below:
            frame = f"pad={size.width}:{size.height}:{cell.left}:{cell.top}:black"
            below = film.chain([shown], frame)
        else:
            below = film.chain([below, shown], f"overlay={cell.left}:{cell.top}:format=yuv420")
    film.become(below)
    picture = draw_grid(
        cells, film.frame, settings.radius, settings.background, settings.labels, film.fonts.text
    )
    film.lay(film.picture(picture), "0", "0")
