"""Text of every script that adcli has a font for is drawn whole, in order and as wide as it was measured."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from adcli.media import ffmpeg, lettering, scripts
from adcli.media.colour import Colour
from adcli.media.faces import EMOJI, FOLDER, cjk_face
from adcli.media.fonts import BLACK, SEMIBOLD, Font
from adcli.media.subtitles import Document, Style, escape
from adcli.units import Size

SAMPLES = {
    "latin": "Shop NOW",
    "vietnamese": "Việt Nam ₫99",
    "cyrillic": "Холодный день",
    "greek": "Αγόρασε ΔΩΡΕΑΝ",
    "arabic": "تسوّق الآن",
    "persian": "همین حالا بخرید",
    "urdu": "ابھی خریدیں ٹھنڈے",
    "kurdish": "ئێستا بکڕە",
    "arabic with numbers": "خصم 20 (abc) اليوم!",
    "hebrew": "קנו עכשיו",
    "hebrew with numbers": "הנחה 24 (abc) היום!",
    "latin with hebrew": "Buy שלום now",
    "hindi": "अभी ख़रीदें क्षेत्र",
    "thai": "ซื้อเลยวันนี้ ฿99",
    "bengali": "এখনই কিনুন ক্ষুদ্র",
    "tamil": "இப்போதே வாங்குங்கள்",
    "telugu": "ఇప్పుడే కొనండి",
    "kannada": "ಈಗಲೇ ಖರೀದಿಸಿ",
    "malayalam": "ഇപ്പോൾ വാങ്ങൂ",
    "khmer": "ទិញឥឡូវនេះ",
    "lao": "ຊື້ດຽວນີ້",
    "burmese": "ယခုဝယ်ပါ",
    "armenian": "Գնիր հիմա",
    "georgian": "იყიდე ახლა",
    "signs": "₽₹₺₴₩ → ✓ ★ ♥",
    "emoji": "Wow 🔥👍🏽❤️🇩🇪1️⃣",
    "japanese": "今すぐ Sale 購入",
    "chinese": "立即购买",
    "korean": "지금 구매",
}
EAST_ASIAN = {"japanese", "chinese", "korean"}
NAMES = [name for name in SAMPLES if name not in EAST_ASIAN or cjk_face()]
EM, ROW, WIDTH = 64, 130, 1000
INK = npt.NDArray[np.bool_]

media = pytest.mark.media


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, INK], str]:
    """Ink of every sample in a row of its own, by libass, and what ffmpeg said."""
    folder = tmp_path_factory.mktemp("drawn")
    return _drawn(folder)


def _drawn(folder: Path) -> tuple[dict[str, INK], str]:
    size = Size(WIDTH, ROW * len(NAMES))
    document = Document(size, 1.0, [Style("Plain", EM, "#FFFFFF")])
    for row, name in enumerate(NAMES):
        place = f"{{\\pos({WIDTH / 2},{ROW * (row + 0.5)})}}"
        document.add(0, 1, "Plain", place + escape(SAMPLES[name]))
    (folder / "t.ass").write_text(document.text(), encoding="utf-8")
    source = f"color=c=black:s={size.width}x{size.height}:r=30"
    arguments = ["-v", "verbose", "-f", "lavfi", "-i", source, "-vf", "ass=t.ass", "-frames:v", "1", "t.png"]
    done = ffmpeg.run(arguments, cwd=folder, timeout=60)
    pixels = np.asarray(Image.open(folder / "t.png").convert("L")) > 127
    return {name: pixels[n * ROW : (n + 1) * ROW] for n, name in enumerate(NAMES)}, done.stderr


def pillow(text: str, font: Font = BLACK) -> INK:
    image = Image.new("RGBA", (WIDTH, ROW), (0, 0, 0, 255))
    set_ = lettering.Lettering((text,), font, EM, 0, ROW)
    lettering.draw(
        image, set_, (WIDTH // 2, ROW // 2 - round(EM * lettering.LEADING / 2)), Colour(255, 255, 255)
    )
    return np.asarray(image.convert("L")) > 127


def columns(ink: INK) -> tuple[int, int]:
    """First and last column with ink."""
    found = np.where(ink.any(axis=0))[0]
    return int(found[0]), int(found[-1])


def likeness(one: INK, other: INK) -> float:
    """Best overlap of two drawings within two pixels, 1 when they are the same."""
    best = 0.0
    for down in range(-2, 3):
        for right in range(-2, 3):
            moved = np.roll(other, (down, right), axis=(0, 1))
            best = max(best, float((one & moved).sum() / max(1, (one | moved).sum())))
    return best


@media
@pytest.mark.parametrize("name", NAMES)
def test_captions_are_as_wide_as_measured(drawn: tuple[dict[str, INK], str], name: str) -> None:
    first, last = columns(drawn[0][name])
    assert last - first == pytest.approx(BLACK.width(SAMPLES[name], EM), rel=0.03, abs=0.1 * EM)
    assert (first + last) / 2 == pytest.approx(WIDTH / 2, abs=0.1 * EM)


@media
@pytest.mark.parametrize("name", [name for name in NAMES if name != "emoji"])
def test_captions_and_packshots_set_the_same_letters_in_the_same_order(
    drawn: tuple[dict[str, INK], str], name: str
) -> None:
    """Two programs that join and order letters each in its own way agree: neither is wrong alone.

    Unjoined or unordered letters reach 0.2 to 0.74. Pillow rounds the advances of hinted Hangul.
    """
    assert likeness(drawn[0][name], pillow(SAMPLES[name])) > (0.65 if name == "korean" else 0.78)


@media
def test_only_our_own_fonts_are_used_and_each_has_its_glyphs(drawn: tuple[dict[str, INK], str]) -> None:
    told = drawn[1].splitlines()
    chosen = [line for line in told if "fontselect" in line]
    cjk = cjk_face()
    assert len(chosen) > 6
    assert all(str(FOLDER) in line or (cjk and str(cjk.path) in line) for line in chosen), chosen
    assert not [line for line in told if "not found" in line]


@media
def test_the_machine_s_fonts_and_home_change_nothing(
    drawn: tuple[dict[str, INK], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "HOME",
        "XDG_DATA_HOME",
        "XDG_DATA_DIRS",
        "XDG_CONFIG_HOME",
        "FONTCONFIG_FILE",
        "FONTCONFIG_PATH",
    ):
        monkeypatch.setenv(name, str(tmp_path / "nowhere"))
    again, _ = _drawn(tmp_path)
    assert all((again[name] == drawn[0][name]).all() for name in NAMES)


@pytest.mark.parametrize("font", [BLACK, SEMIBOLD], ids=["black", "semibold"])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_drawn_as_the_box_of_a_missing_glyph(name: str, font: Font) -> None:
    assert font.missing(SAMPLES[name]) == ""
    for run in font.runs(SAMPLES[name]):
        box = bytes(run.face.sized(EM).getmask("\U000f0000"))
        marks = [mark for mark in run.text if mark.isprintable() and not mark.isspace()]
        assert all(bytes(run.face.sized(EM).getmask(mark)) != box for mark in marks), run


def test_arabic_letters_join() -> None:
    joined = BLACK.width("بسم", EM)
    assert joined < 0.95 * sum(BLACK.width(letter, EM) for letter in "بسم")


def test_letters_of_a_word_come_from_one_arabic_font() -> None:
    """Cairo has no ێ: the whole word goes to the font that has it, the other words stay."""
    names = {run.face.name for run in BLACK.runs("ئێستا")}
    assert names == {"adcli ArabicMore Black"}
    assert {run.face.name for run in BLACK.runs("تسوّق")} == {"adcli Arabic Black"}


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("הנחה 24 היום", ["היום", "24", "הנחה"]),
        ("קנו (abc)!", [")!", "abc", "(", "קנו"]),
        ("Buy שלום now", ["Buy", "שלום", "now"]),
        ("50% הנחה", ["הנחה", "50%"]),
    ],
)
def test_runs_stand_from_left_to_right_as_they_are_seen(text: str, seen: list[str]) -> None:
    made = [run.text for run in BLACK.runs(text)]
    assert sorted("".join(made)) == sorted(text)
    assert [piece.strip() for piece in made if piece.strip()] == seen


def test_a_line_runs_as_the_text_that_it_is_part_of() -> None:
    seen = [run.text.strip() or run.layers for run in BLACK.runs("{20%} 5!", leftward=True)]
    assert seen == ["!", "5", "}", "20%", "{"]
    event = escape("5!", leftward=True)
    assert event.index("!") < event.index("5")
    set_ = lettering.fit("קר כל היום {20%}!", BLACK, (300, 300), 60, 60, 3)
    assert set_ is not None
    assert set_.leftward


def test_a_cluster_is_never_cut() -> None:
    assert list(scripts.clusters("e\u0301👩🏽‍🚀क्षे1️⃣🇩🇪ท้")) == ["e\u0301", "👩🏽‍🚀", "क्षे", "1️⃣", "🇩🇪", "ท้"]


def test_what_no_font_has_is_named_and_left_out() -> None:
    assert BLACK.missing("Aཀbཀ\u200d🔥") == "ཀ"
    assert BLACK.drawable("Aཀb") == "Ab"
    assert BLACK.drawable("z\u0489a") == "za"
    assert "".join(run.text for run in BLACK.runs("Aཀb")) == "Ab"


def test_every_stand_in_has_the_metrics_that_keep_lines_level() -> None:
    own = BLACK.sized(100).getmetrics()
    for face in BLACK.others:
        if face.scale == 1:
            assert face.sized(100).getmetrics() == own, face.name
            assert face.ass_size(100) == BLACK.ass_size(100), face.name


def test_texts_of_an_emoji_find_one_plain_form() -> None:
    (toned,), (plain,) = BLACK.runs("👍🏽"), BLACK.runs("👍")
    assert toned == plain
    assert toned.face == EMOJI
