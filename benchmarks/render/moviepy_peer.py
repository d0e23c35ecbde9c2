"""The standard ad as one writes it with MoviePy: clips in a CompositeVideoClip, a TextClip for every word's
state, one ``write_videofile`` a ratio, with the preset, quality and frames of adcli's ``final``.

``python -m benchmarks.render.moviepy_peer CUTLIST.json OUT 9:16,4:5,1:1,16:9``
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from moviepy import AudioFileClip, CompositeVideoClip, ImageClip, TextClip, VideoFileClip, vfx

from adcli.media.fonts import BLACK
from adcli.units import AspectRatio

_FONT = str(BLACK.path)
_WORDS, _PIXELS = 4, 60
_CENTRE = {"9:16": 0.62, "4:5": 0.76, "1:1": 0.78, "16:9": 0.84}


def shown(cut: dict[str, Any], ratio: AspectRatio) -> Any:
    """One clip, cropped to its frame, or before its own blurred copy."""
    size = ratio.size
    clip = VideoFileClip(cut["clip"], audio=False)
    clip = clip.subclipped(0, min(clip.duration, cut["seconds"] + 0.3))
    if ratio is AspectRatio.LANDSCAPE:
        clip = CompositeVideoClip(
            [clip.image_transform(_blurred), clip.resized(height=1080).with_position("center")],
            size=(size.width, size.height),
        )
    elif size.height < clip.h:
        clip = clip.cropped(x_center=540, y_center=clip.h / 2, width=size.width, height=size.height)
    if cut["transition"] == "fade":
        clip = clip.with_effects([vfx.CrossFadeIn(0.3)])
    elif cut["transition"] == "swipe":
        clip = clip.with_effects([vfx.SlideIn(0.2, "right")])
    return clip.with_start(cut["start"])


def _blurred(frame: Any) -> Any:
    import numpy as np
    from PIL import Image, ImageFilter

    picture = Image.fromarray(frame).resize((1920, 3413)).crop((0, 1166, 1920, 2246))
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(32)))


def captions(words: list[dict[str, Any]], ratio: AspectRatio) -> list[Any]:
    """Up to four words at a time; the spoken one in its colour and grown."""
    clips: list[Any] = []
    for first in range(0, len(words), _WORDS):
        group = words[first : first + _WORDS]
        row = [
            TextClip(_FONT, word["text"].upper(), font_size=_PIXELS, color="white", **_EDGE) for word in group
        ]
        x = (ratio.size.width - sum(one.w for one in row)) / 2
        y = ratio.size.height * _CENTRE[ratio.value]
        begins, ends = group[0]["start"], group[-1]["end"]
        for word, still in zip(group, row, strict=True):
            place = (x, y)
            x += still.w
            if word["start"] > begins:
                clips.append(still.with_start(begins).with_end(word["start"]).with_position(place))
            if word["end"] < ends:
                clips.append(still.with_start(word["end"]).with_end(ends).with_position(place))
            active = TextClip(_FONT, word["text"].upper(), font_size=_PIXELS, color="#FFE135", **_EDGE)
            active = active.with_start(word["start"]).with_end(word["end"])
            clips.append(active.resized(_grown).with_position(place))
    return clips


_EDGE: dict[str, Any] = {"stroke_color": "black", "stroke_width": 5, "margin": (10, 10)}


def _grown(moment: float) -> float:
    return 1 + 0.15 * min(1.0, moment / 0.1)


def main() -> None:
    ad = json.loads(Path(sys.argv[1]).read_text())
    out = Path(sys.argv[2])
    for name in sys.argv[3].split(","):
        ratio = AspectRatio(name)
        clips = [shown(cut, ratio) for cut in ad["cuts"]]
        closing = ImageClip(ad["closing"][name]).with_start(ad["closing_start"])
        clips.append(closing.with_end(ad["seconds"]))
        title = TextClip(_FONT, ad["title"], font_size=72, color="#111111", bg_color="white", margin=(20, 10))
        clips.append(title.with_position(("center", ratio.size.height * 0.16)).with_end(ad["title_until"]))
        clips += captions(ad["words"], ratio)
        video = CompositeVideoClip(clips, size=(ratio.size.width, ratio.size.height)).with_duration(
            ad["seconds"]
        )
        video.with_audio(AudioFileClip(ad["sound"])).write_videofile(
            str(out / f"{ratio.slug}.mp4"), fps=30, codec="libx264", preset="veryfast", audio_codec="aac",
            threads=2, ffmpeg_params=["-crf", "20"], logger=None,
        )  # fmt: skip


if __name__ == "__main__":
    main()
