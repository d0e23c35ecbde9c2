"""Reads 3D LUTs: text files that say which colour becomes of each colour of a cube.

The format is Adobe's "Cube LUT Specification", version 1.0.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from adcli.errors import TaskFailed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST_BYTES = 60_000_000
_LEAST, _MOST = 2, 128
_HINT = "export the look as a 3D LUT in .cube format"


@dataclass(frozen=True, slots=True)
class Lut:
    """``table`` holds size³ rows of red, green and blue, red running fastest.

    ``domain`` are its lowest and highest inputs.
    """

    size: int
    domain: tuple[tuple[float, ...], tuple[float, ...]]
    table: NDArray[np.float64]

    def blended(self, strength: float) -> str:
        """The text of a .cube file with so much of the look, 0 to 1."""
        import numpy as np

        low, high = (np.asarray(end) for end in self.domain)
        steps = np.linspace(0, 1, self.size)
        blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
        same = low + np.stack([red.ravel(), green.ravel(), blue.ravel()], axis=1) * (high - low)
        rows = same + (self.table - same) * strength
        head = [f"LUT_3D_SIZE {self.size}"]
        head += [f"DOMAIN_MIN {_row(low)}", f"DOMAIN_MAX {_row(high)}"]
        return "\n".join([*head, *(_row(row) for row in rows)]) + "\n"


def read_lut(path: Path) -> Lut:
    """A .cube file's LUT; raises TaskFailed for anything else, with what was found."""
    import numpy as np

    if path.stat().st_size > _MOST_BYTES:
        raise _wrong(path, f"{path.stat().st_size / 1e6:.0f} MB")
    size, ends, numbers = 0, {"DOMAIN_MIN": (0.0,) * 3, "DOMAIN_MAX": (1.0,) * 3}, array("d")
    for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1):
        words = line.split()
        if not words or words[0].startswith("#") or words[0] == "TITLE":
            continue
        try:
            if words[0] == "LUT_3D_SIZE":
                size = int(words[1])
            elif words[0] in ends:
                ends[words[0]] = (float(words[1]), float(words[2]), float(words[3]))
            elif words[0] == "LUT_1D_SIZE":
                raise _wrong(path, "a LUT of one dimension")
            else:
                numbers.extend(float(word) for word in words)
                if len(words) != 3:
                    raise _wrong(path, f"{len(words)} numbers in line {number}")
        except (ValueError, IndexError):
            raise _wrong(path, f"{line.strip()[:40]!r} in line {number}") from None
    if not _LEAST <= size <= _MOST:
        raise _wrong(path, f"a size of {size}" if size else "no LUT_3D_SIZE")
    return _checked(
        path, Lut(size, (ends["DOMAIN_MIN"], ends["DOMAIN_MAX"]), np.array(numbers).reshape(-1, 3))
    )


def _checked(path: Path, lut: Lut) -> Lut:
    """The LUT, whose numbers make sense."""
    import numpy as np

    low, high = lut.domain
    if len(lut.table) != lut.size**3:
        raise _wrong(path, f"{len(lut.table)} colours for a size of {lut.size}")
    if not np.isfinite(np.concatenate([lut.table.ravel(), low, high])).all():
        raise _wrong(path, "a number that isn't finite")
    if any(end <= start for start, end in zip(low, high, strict=True)):
        raise _wrong(path, "a DOMAIN_MAX that isn't above DOMAIN_MIN")
    return lut


def _row(values: NDArray[np.float64]) -> str:
    return " ".join(f"{value:.6f}" for value in values)


def _wrong(path: Path, found: str) -> TaskFailed:
    expected = f"LUT_3D_SIZE from {_LEAST} to {_MOST}, and as many rows of three numbers as its cube has"
    return TaskFailed(f"{path.name} is no LUT: found {found}; expected {expected}", hint=_HINT)
