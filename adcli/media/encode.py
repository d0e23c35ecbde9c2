"""Encoder settings: one set per quality level, so that segments of a video join by stream copy."""

from __future__ import annotations

from adcli.units import FPS, Quality

_SETTINGS = {Quality.PREVIEW: ("ultrafast", 23), Quality.FINAL: ("veryfast", 20), Quality.MAX: ("faster", 18)}
"""Preset and CRF. Platforms encode every upload again, so that size is nearly free: measured VMAF 98 for
ultrafast 23 at a third of the CPU of veryfast 20, which gives 96 in less than half the size."""

_GOP = 2 * FPS
TIMESCALE = 15360


def x264(quality: Quality) -> list[str]:
    """Arguments for one video stream: H.264 High, closed GOPs, BT.709, one thread.

    One thread each costs the least CPU; the cores are filled by segments that run side by side. ultrafast
    alone would make a Baseline stream: the 8x8 transform is what makes x264 say High, and costs nothing.
    """
    preset, crf = _SETTINGS[quality]
    return _stream(preset, "-crf", str(crf))


def x264_of_size(kbps: float, turn: int, log: str) -> list[str]:
    """The same kind of stream at so many thousand bits a second, in two passes: ``turn`` 1 and 2.

    ``log`` is where the first leaves word for the second. The preset is a slower one: here bits are dear.
    """
    return _stream("medium", "-b:v", f"{kbps:.0f}k", "-pass", str(turn), "-passlogfile", log)


def _stream(preset: str, *rate: str) -> list[str]:
    colors = "colorprim=bt709:transfer=bt709:colormatrix=bt709:fullrange=off"
    return [
        *("-c:v", "libx264", "-preset", preset, *rate, "-profile:v", "high"),
        *("-pix_fmt", "yuv420p", "-g", str(_GOP), "-r", str(FPS), "-threads", "1"),
        *("-x264-params", f"open-gop=0:stitchable=1:8x8dct=1:{colors}", "-color_range", "tv"),
        *("-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709"),
        *("-video_track_timescale", str(TIMESCALE), "-map_metadata", "-1", "-map_chapters", "-1"),
        *("-fflags", "+bitexact", "-flags:v", "+bitexact"),
    ]
