"""Stage ``scene``: one scene in one aspect ratio as an encoded segment, with its text, ready to be joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from adcli.errors import TaskFailed
from adcli.keys import Json
from adcli.registry import Lane, StageSpec
from adcli.work import File, Job, Made

if TYPE_CHECKING:
    from adcli.media.subtitles import Document, TextBox

SPEC = StageSpec(
    "scene",
    3,
    ("segment",),
    Lane.CPU,
    defaults={
        "quality": "final",
        "platform": "universal",
        "fit": "crop",
        "transition": "cut",
        "at": 0,
        "zoom": 1,
    },
    together=True,
)
"""Output: an mp4 without sound; its meta tells frames, size and ``extradata_sha256``, in which seconds its
picture is black or stands still, and where its text stands.
"""

_FADE = "xfade=transition=fade:duration={seconds}:offset=0,format=yuv420p"
_SLIDE = "hstack,crop={width}:{height}:'{width}*(PATH)':0"
_PUSH = (
    ",zoompan=z='1+0.6*pow(sin(PI*on/{frames}),2)':x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/2'"
    ":d=1:s={width}x{height}:fps={fps},setsar=1,format=yuv420p"
)
_STREAK = ",gblur=sigma={blur}:sigmaV=0.1:enable='between(n,1,{frames}-1)'"
TRANSITIONS: Mapping[str, tuple[str, int]] = {
    "swipe": (_SLIDE.replace("PATH", "sin(n/{frames}*PI/2)"), 6),
    "fade": (_FADE, 9),
    "zoom": (_FADE + _PUSH, 9),
    "whip": (_SLIDE.replace("PATH", "(1-cos(n/{frames}*PI))/2") + _STREAK, 7),
}
"""Filters that lead from the outgoing scene's tail to this one, and for how many frames.

The slides are no xfade: its own read one column past the picture in their first frame, and run evenly,
where a hand's swipe slows down. Its zoom ends in one blown-up pixel, its hblur streaks without moving.
"""

_TIMEOUT, _TIMEOUT_PER_FRAME = 300.0, 1.0  # seconds; a frame takes 0.03 on a core of today
_OUT = "segment.mp4"


@dataclass(frozen=True, slots=True)
class _Cut:
    """One ratio of a scene on its way: its place in the graph, and what is said about it.

    ``seen`` is the file that tells when its picture is black or stands still, ``text`` where its text stands.
    """

    job: Job
    label: str
    file: str
    seen: str
    text: tuple[TextBox, ...]
    notes: tuple[str, ...]


def make(job: Job) -> Made:
    """Composes, burns in the text and encodes; every frame counted."""
    return make_all([job])[0]


def make_all(jobs: Sequence[Job]) -> list[Made]:
    """Several ratios of one scene in one process: what they have in common is decoded and moved once.

    Each comes out the same, to the byte, as it does alone.
    """
    from adcli.media import encode, ffmpeg
    from adcli.media.footage import Graph
    from adcli.media.sharing import shared
    from adcli.units import Quality

    graph = Graph(jobs[0].workdir)
    cuts = [_cut(job, graph, index) for index, job in enumerate(jobs)]
    chains, labels = shared(graph.chains, [cut.label for cut in cuts])
    arguments = ["-v", "error", "-y", "-filter_complex_threads", "1", *graph.arguments]
    arguments += ["-filter_complex", ";".join(chains)]
    for cut, label in zip(cuts, labels, strict=True):
        arguments += ["-map", f"[{label}]", *encode.x264(Quality(cut.job.params["quality"]))]
        arguments += ["-frames:v", str(cut.job.params["frames"]), "-an", cut.file]
    frames = sum(int(job.params["frames"]) for job in jobs)
    ffmpeg.run(arguments, cwd=graph.folder, timeout=_TIMEOUT + _TIMEOUT_PER_FRAME * frames)
    return [_made(cut, graph) for cut in cuts]


def _cut(job: Job, graph: Any, index: int) -> _Cut:
    """Adds one ratio to the graph."""
    from adcli.media.brand_fonts import FOLDER, brand_fonts, lay_out
    from adcli.media.layout import Frame
    from adcli.media.picture_checks import add_detection
    from adcli.spec.platforms import Platform
    from adcli.units import AspectRatio, Quality

    params, end = job.params, str(index)
    ratio = AspectRatio(params["ratio"])
    size = Quality(params["quality"]).scale(ratio.size)
    frame = Frame(ratio, size, Platform(params["platform"]))
    label = _picture(job, graph, params, frame, f"now{end}")
    held = graph.held.get(label, 0.0)
    label = add_detection(graph, _transition(job, graph, frame, label, end), f"seen{end}")
    fonts = brand_fonts([job.file(ref).path for ref in params.get("fonts", ())])
    document, notes = _text(params, frame, fonts)
    for part, box in graph.texts.get(f"now{end}", {}).items():
        document.box(part, 0, document.seconds, *box)
    if document.events:
        name = f"text{end}.ass"
        (graph.folder / name).write_text(document.text(), encoding="utf-8")
        own = f":fontsdir={FOLDER}" if lay_out(fonts, graph.folder) else ""
        graph.chains.append(f"[{label}]ass={name}{own},format=yuv420p[out{end}]")
        label = f"out{end}"
    file, seen = f"segment{end}.mp4", f"seen{end}.txt"
    return _Cut(job, label, file, seen, tuple(document.boxes), (*_short(held), *notes))


def _made(cut: _Cut, graph: Any) -> Made:
    """The finished segment in its own task's folder, proved to have all its frames."""
    from adcli.media.probe import probe

    path = cut.job.workdir / _OUT
    (graph.folder / cut.file).replace(path)
    made, frames = probe(path), cut.job.params["frames"]
    if made.frames != frames:
        raise TaskFailed(f"the segment has {made.frames} frames instead of {frames}")
    meta: dict[str, Json] = {
        "frames": made.frames,
        "width": made.width,
        "height": made.height,
        "extradata_sha256": made.extradata_sha256,
    }
    return Made({"segment": File(path, "video/mp4", meta | _seen(cut, graph))}, cut.notes)


def _seen(cut: _Cut, graph: Any) -> dict[str, Json]:
    """What was seen on the way to the encoder; a still picture stands still on purpose."""
    from adcli.media.picture_checks import read
    from adcli.units import to_seconds

    seen = read(graph.folder / cut.seen, to_seconds(cut.job.params["frames"]))
    frozen = seen.frozen if "clip" in cut.job.params["picture"] else ()
    return replace(seen, frozen=frozen, text=cut.text).as_meta()


def _short(held: float) -> tuple[str, ...]:
    """A note on a clip that ends before its scene does; a frame or two are never seen."""
    from adcli.media.footage import SEEN

    if held < SEEN:
        return ()
    return (f"the clip ends {held:.1f} s before its scene: its last picture stands still",)


def _picture(
    job: Job, graph: Any, view: Mapping[str, Any], frame: Any, out: str, after: int = 0, frames: int = 0
) -> str:
    """Adds what a view shows; ``after`` frames into it, for ``frames`` frames (0: all of it)."""
    from adcli.media import footage, layers
    from adcli.media.brand_fonts import brand_fonts
    from adcli.media.framing import CENTRE, framed, read_focus
    from adcli.media.packshot import draw_packshot
    from adcli.media.packshot_motion import add_packshot
    from adcli.media.photo import open_photo
    from adcli.units import FPS, Size

    picture = view["picture"]
    length = frames or view["frames"]
    if "packshot" in picture:
        fonts = brand_fonts([job.file(ref).path for ref in picture["packshot"].get("fonts", ())])
        shot = draw_packshot(picture["packshot"], frame, lambda ref: job.file(ref).path, fonts)
        add_packshot(graph, shot, frame.size, length, graph.place(out), out)
        return out
    fit = view.get("fit", "crop")
    focus = read_focus(view["focus"]) if fit == "crop" and "focus" in view else CENTRE
    seen = footage.Shot(frame.size, length, 1 if after else view["frames"], fit, focus)
    zoom = view.get("zoom", 1)
    given = job.file(picture.get("clip") or picture["image"])
    source, folder = given.path, graph.place(given.sha256[:16])
    if "image" in picture:
        photo = open_photo(source).convert("RGB")
        photo.save(folder / "still.png", compress_level=1)
        still = layers.still(folder / "still.png", Size(*photo.size))
        footage.add_moving(graph, framed(still, frame.size, focus), seen, out)
    elif layers.is_container(source):
        container = framed(layers.read_move(source, folder).zoomed(zoom), frame.size, focus)
        footage.add_moving(graph, container.ended(view["frames"]) if after else container, seen, out)
    else:
        clip = footage.named_mp4(source, folder)
        footage.add_clip(graph, clip, view.get("at", 0) + after / FPS, zoom, seen, out)
    return out


def _transition(job: Job, graph: Any, frame: Any, label: str, end: str) -> str:
    """Lets the outgoing scene's tail give way to this scene over its first frames.

    Only those frames pass its filter: xfade works in 4:4:4, which for the whole scene would cost as much
    again as the camera move.
    """
    from adcli.units import FPS

    tail, name = job.params.get("tail"), job.params["transition"]
    if tail is None or name not in TRANSITIONS:
        return label
    recipe, length = TRANSITIONS[name]
    length = min(length, job.params["frames"] - 1)
    if length < 1:
        return label
    before = _picture(job, graph, tail, frame, f"tail{end}", after=tail["frames"], frames=length)
    size = frame.size
    filters = recipe.format(
        width=size.width,
        height=size.height,
        frames=length,
        fps=FPS,
        seconds=f"{length / FPS:.6f}",
        blur=f"{size.width / 30:.1f}",
    )
    graph.chains += [
        f"[{label}]split[begins{end}][goes{end}]",
        f"[begins{end}]trim=end_frame={length}[begin{end}]",
        f"[{before}][begin{end}]{filters}[mix{end}]",
        f"[goes{end}]trim=start_frame={length},setpts=PTS-STARTPTS[rest{end}]",
        f"[mix{end}][rest{end}]concat=n=2:v=1:a=0[cross{end}]",
    ]
    return f"cross{end}"


def _text(params: Mapping[str, Any], frame: Any, fonts: Any) -> tuple[Document, tuple[str, ...]]:
    """The segment's ASS document, and notes about what can't be drawn."""
    from adcli.media.captions import add_captions, drawn_as
    from adcli.media.heard import words_heard
    from adcli.media.marks import add_marks
    from adcli.media.subtitles import Document
    from adcli.media.title import add_title
    from adcli.units import to_seconds

    seconds, font = to_seconds(params["frames"]), fonts.display
    document = Document(frame.size, seconds)
    written = ""
    notes: list[str] = []
    captions = params.get("captions")
    if captions:
        words, look = _spoken(captions, frame, fonts)
        written += "".join(drawn_as(word["text"], look) for word in words_heard(captions))
        notes += add_captions(document, words, frame, look)
    text = params.get("text")
    if text and (shown := font.drawable(text["text"]).strip()):
        written += text["text"]
        until = text["until"] or seconds
        notes += add_title(document, shown, until, frame, text["kind"], _dress(text, font))
    if "marks" in params:
        low = max((box.bottom for box in document.boxes if box.kind == "caption"), default=0.0)
        add_marks(document, params["marks"], frame, low)
    gone, strange = font.missing(written), fonts.absent(font.drawable(written))
    notes += [f"no glyph for {gone!r}: left out of the picture"] if gone else []
    if strange:
        notes.append(f"the brand's font has no glyph for {strange!r}: another font draws it")
    return document, tuple(notes)


def _dress(text: Mapping[str, Any], font: Any) -> Any:
    """A title's box in the brand's colour where there is one, its text in white or a dark shade."""
    from adcli.media.colour import parse
    from adcli.media.packshot_tones import face
    from adcli.media.title import Dress

    colour = parse(text.get("box") or "")
    if colour is None:
        return Dress(font=font)
    pair = face(colour)
    return Dress(pair.face.hex, pair.ink.hex, font)


def _spoken(captions: Mapping[str, Any], frame: Any, fonts: Any) -> tuple[list[Any], Any]:
    """The words of captions at the segment's times, and their look in the frame."""
    from adcli.media.captions import Word, drawn_with, look_of
    from adcli.media.heard import words_heard

    look, lead = look_of(captions, frame, fonts), captions["lead"]
    words = [
        Word(drawn_with(look).drawable(word["text"]), word["start"] + lead, word["end"] + lead)
        for word in words_heard(captions)
    ]
    return words, look
