"""A video that operations work on: one graph of filters over one input, encoded once when all is done.

Operations add to the graph; none of them runs ffmpeg. So a chain of any length has one decoder and one
encoder, and a picture or a sound that no operation touches is copied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from adcli.errors import TaskFailed
from adcli.media import brand_fonts, encode, ffmpeg, footage, layers, moves
from adcli.media.conform import conform_filters
from adcli.media.ffmpeg import WHITELIST
from adcli.media.film_sound import Soundtrack
from adcli.media.film_source import Source, is_picture, read_source
from adcli.media.footage import Graph, Shot
from adcli.media.layout import Box, Frame
from adcli.media.subtitles import TextBox
from adcli.spec.platforms import Platform
from adcli.units import FPS, AspectRatio, Quality, Size, to_frames

if TYPE_CHECKING:
    from PIL import Image

    from adcli.media.fonts import Font
    from adcli.media.subtitles import Document

_TIMEOUT, _TIMEOUT_PER_FRAME = 600.0, 1.0  # seconds; a frame takes 0.03 on a core of today
_SHORTEST = 0.5 / FPS


@dataclass(slots=True)
class Film:
    """The video as it is after the operations so far.

    ``label`` is its picture in ``graph``, ``frames`` its length at 30 a second; ``pixel`` is how many of its
    pixels a pixel of the full size is (half a one in previews of a ratio). ``texts`` tells what texts cover,
    ``marks`` what logos and labels do, as long as it is known: not after the picture got another size or
    length.
    """

    graph: Graph
    source: Source
    label: str
    size: Size
    frames: int
    sound: Soundtrack
    quality: Quality = Quality.FINAL
    platform: Platform = Platform.UNIVERSAL
    fonts: brand_fonts.Fonts = field(default_factory=brand_fonts.Fonts)
    pixel: float = 1.0
    changed: bool = False
    notes: list[str] = field(default_factory=list)
    texts: list[TextBox] = field(default_factory=list)
    marks: list[TextBox] = field(default_factory=list)
    _count: int = 0
    _names: dict[Path, Path] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """Length."""
        return self.frames / FPS

    @property
    def ratio(self) -> AspectRatio:
        """The ratio that its shape comes nearest to: texts stand where they do there."""
        shape = self.size.width / self.size.height
        return min(AspectRatio, key=lambda ratio: abs(shape_of(ratio) / shape - shape / shape_of(ratio)))

    @property
    def frame(self) -> Frame:
        """Where text may stand."""
        return Frame(self.ratio, self.size, self.platform)

    def moment(self, seconds: float, what: str) -> int:
        """The frame at a time of the film; raises TaskFailed for one after its end."""
        if seconds > self.seconds + _SHORTEST:
            raise TaskFailed(
                f"{what} is at {seconds:g} s, but the video lasts {self.seconds:.2f} s there",
                hint=f"give a time of 0 to {self.seconds:.2f} s",
            )
        return min(to_frames(seconds), self.frames)

    def sized(self, full: Size) -> Size:
        """A full size as it is at this film's quality, even on both sides."""
        return Size(int(full.width * self.pixel) // 2 * 2, int(full.height * self.pixel) // 2 * 2)

    def fresh(self) -> str:
        """A label, or the start of a file's name, that nothing else has."""
        self._count += 1
        return f"v{self._count}"

    def video(self, filters: str, size: Size | None = None, frames: int | None = None) -> None:
        """The picture goes through filters that make it of this size and length, by default of its own."""
        label = self.fresh()
        self.graph.chains.append(f"[{self.label}]{filters}[{label}]")
        self.become(label, size, frames)

    def become(self, label: str, size: Size | None = None, frames: int | None = None) -> None:
        """The picture is what another label shows; whoever calls this has used up the present one."""
        before = self.size, self.frames
        self.label, self.changed = label, True
        self.size, self.frames = size or self.size, self.frames if frames is None else frames
        if (self.size, self.frames) != before:
            self.texts, self.marks = [], []

    def chain(self, inputs: list[str], filters: str) -> str:
        """Adds filters from some labels to a new one, which it gives."""
        label = self.fresh()
        self.graph.chains.append(f"{''.join(f'[{one}]' for one in inputs)}{filters}[{label}]")
        return label

    def split(self, label: str, count: int) -> list[str]:
        """As many copies of a label."""
        labels = [self.fresh() for _ in range(count)]
        ends = "".join(f"[{one}]" for one in labels)
        self.graph.chains.append(f"[{label}]split={count}{ends}")
        return labels

    def discard(self) -> None:
        """The picture so far isn't seen any more: ``become`` has to follow."""
        self.graph.chains.append(f"[{self.label}]nullsink")

    def pieces(self, ranges: Sequence[tuple[int, int]]) -> list[str]:
        """Labels of stretches of the picture, each from a frame to before another; ``join`` has to follow."""
        labels = self.split(self.label, len(ranges))
        return [
            self.chain([label], f"trim=start_frame={start}:end_frame={end},setpts=N/{FPS}/TB")
            for label, (start, end) in zip(labels, ranges, strict=True)
        ]

    def join(self, labels: Sequence[str], frames: int) -> None:
        """The picture becomes these, one after another; all are of its size."""
        self.become(self.chain(list(labels), f"concat=n={len(labels)}:v=1:a=0,settb=1/{FPS}"), frames=frames)

    def lay(self, label: str, x: str, y: str, when: str = "") -> None:
        """Lays another label over the picture; ``when`` is an expression of ``t``."""
        enabled = f":enable='{when}'" if when else ""
        place = f"overlay=x='{x}':y='{y}':format=yuv420{enabled}:eof_action=repeat"
        self.become(self.chain([self.label, label], f"{place},format=yuv420p"))

    def picture(self, image: Image.Image) -> str:
        """The label of a drawn picture with its transparency; one frame, which ``lay`` holds."""
        path = self.graph.folder / f"{self.fresh()}.png"
        image.save(path, compress_level=1)
        alpha = "yuva420p" if image.mode == "RGBA" else "yuv420p"
        label = self.graph.input(path, *WHITELIST)
        return self.chain([label], f"scale={moves.RGB_TO_VIDEO},format={alpha},setsar=1,fps={FPS}")

    def shot(self, path: Path, size: Size, frames: int, fit: str = "crop") -> str:
        """The label of another picture or video at a size and length, without its sound.

        What is too short stands still at its end. Raises TaskFailed when there is no whole one.
        """
        label, shown = self.fresh(), Shot(size, frames, frames, fit)
        if not is_picture(path):
            footage.add_clip(self.graph, self.named(path), 0.0, 1.0, shown, label)
            return label
        from adcli.media.photo import open_photo

        photo = open_photo(path).convert("RGB")
        still = self.graph.folder / f"{label}.png"
        photo.save(still, compress_level=1)
        footage.add_moving(self.graph, layers.still(still, Size(*photo.size)), shown, label)
        return label

    def named(self, path: Path) -> Path:
        """A link to a file under a name that needs no escaping."""
        if path not in self._names:
            self._names[path] = self.graph.folder / f"{self.fresh()}.link"
            self._names[path].symlink_to(path.resolve())
        return self._names[path]

    def mark(self, kind: str, box: Box) -> None:
        """Something stands there from the first frame to the last; notes where it covers what was before."""
        mark = TextBox(kind, 0.0, self.seconds, *box)
        self.notes += covered([mark], [*self.texts, *self.marks])
        self.marks.append(mark)

    def note_missing(self, text: str, font: Font | None = None) -> None:
        """Notes what of a text can't be drawn in a font, by default that of headlines."""
        if gone := (font or self.fonts.display).missing(text):
            self.notes.append(f"no glyph for {gone!r}: left out of the picture")

    def write(self, document: Document, start: float = 0.0) -> None:
        """Burns in an ASS document of the film's size, and notes where it covers texts from before.

        Its boxes, unlike its events, count from ``start`` seconds of the film.
        """
        if not document.events:
            return
        boxes = [replace(box, start=box.start + start, end=box.end + start) for box in document.boxes]
        self.notes += covered(boxes, [*self.texts, *self.marks])
        self.texts += boxes
        path = self.graph.folder / f"{self.fresh()}.ass"
        path.write_text(document.text(), encoding="utf-8")
        folder = self.graph.folder / brand_fonts.FOLDER
        own = folder.is_dir() or brand_fonts.lay_out(self.fonts, self.graph.folder)
        fonts = f":fontsdir={brand_fonts.FOLDER}" if own else ""
        self.video(f"ass={path.name}{fonts},format=yuv420p")


def covered(texts: Sequence[TextBox], earlier: Sequence[TextBox]) -> Iterator[str]:
    """A note for each kind of text that stands over one of another kind at the same time."""
    told = set()
    for one, other in product(texts, earlier):
        pair = f"the {one.kind} stands over the {other.kind}"
        apart = one.right <= other.left or other.right <= one.left or one.bottom <= other.top
        apart = apart or other.bottom <= one.top or one.end <= other.start or other.end <= one.start
        if not apart and pair not in told:
            told.add(pair)
            yield f"{pair} at {max(one.start, other.start):.1f} s: give one of them another position"


def shape_of(ratio: AspectRatio) -> float:
    """Width through height."""
    return ratio.size.width / ratio.size.height


def open_film(path: Path, folder: Path, **settings: object) -> Film:
    """A video as the start of a graph in ``folder``: upright, 30 frames a second, square pixels, stereo.

    ``settings`` are further fields of the Film. Raises TaskFailed when there is no whole video.
    """
    source = read_source(path)
    sound = Soundtrack.of(folder, source.sound, source.frames)
    fields: Mapping[str, object] = {"changed": not source.copies, **settings}
    film = Film(Graph(folder), source, "", source.size, source.frames, sound, **fields)  # type: ignore[arg-type]
    label = film.graph.input(film.named(path), *WHITELIST)
    size = f"scale={source.size.width}:{source.size.height}:{moves.RGB_TO_VIDEO},setsar=1,format=yuv420p"
    exact = f"{conform_filters(source.found)},{moves.hold(source.frames)},{size},settb=1/{FPS}"
    film.label = film.chain([label], exact)
    return film


@dataclass(frozen=True, slots=True)
class Finished:
    """What was written: ``encoders`` is how many video encoders ran, 0 or 1."""

    path: Path
    encoders: int
    notes: tuple[str, ...]


def finish(film: Film, name: str) -> Finished:
    """Writes the film as an mp4 with its index first; raises TaskFailed where ffmpeg does."""
    if film.sound.frames != film.frames:
        film.sound.filter("anull", film.frames)
    arguments, maps, notes = _sound(film)
    head = ["-v", "error", "-y", "-filter_complex_threads", "1"]
    if film.changed:
        graph = [*film.graph.arguments, *arguments, "-filter_complex", film.graph.text()]
        number = film.graph.arguments.count("-i")
        picture = ["-map", f"[{film.label}]", *encode.x264(film.quality), "-frames:v", str(film.frames)]
    else:
        graph, number = [*WHITELIST, "-i", film.named(film.source.path).name, *arguments], 1
        picture = ["-map", "0:v:0", "-c:v", "copy"]
    sound = ["-map", f"{number if arguments else 0}:{maps}", "-c:a", "copy"]
    tail = ["-movflags", "+faststart", "-map_metadata", "-1", "-map_chapters", "-1"]
    ffmpeg.run(
        [*head, *graph, *picture, *sound, *tail, "-fflags", "+bitexact", name],
        cwd=film.graph.folder,
        timeout=_TIMEOUT + _TIMEOUT_PER_FRAME * film.frames,
    )
    return Finished(film.graph.folder / name, int(film.changed), notes)


def _sound(film: Film) -> tuple[list[str], str, tuple[str, ...]]:
    """Inputs of the final sound, its stream among them, and notes."""
    if film.source.sound_copies and not film.sound.changed and film.frames == film.source.frames:
        return [*WHITELIST, "-i", film.named(film.source.path).name], "a:0", ()
    path = film.graph.folder / "sound.m4a"
    target = film.sound.target
    heard = film.sound.encode(path)
    if heard is None or target is None or abs(heard.integrated - target) <= 0.5:
        return ["-i", path.name], "a:0", ()
    note = f"loudness is {heard.integrated:.1f} LUFS: {target:g} can't be had under a peak of -1 dBTP"
    return ["-i", path.name], "a:0", (note,)
