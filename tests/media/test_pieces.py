"""Where words without spaces may break, in which order words are seen, and capitals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adcli.media import bidi
from adcli.media.fonts import BLACK
from adcli.media.lettering import fit, leading, tokens, width_of
from adcli.media.pieces import capitals, pieces, visual_order


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("今すぐ購入して水筒を", ("今すぐ", "購入して", "水筒を")),
        ("「毎日」冷たい水を。", ("「毎日」", "冷たい", "水を。")),
        ("立即购买，优惠。", ("立", "即", "购", "买，", "优", "惠。")),
        ("ซื้อเลย", ("ซื้อ", "เลย")),
        ("ทั่วไทย", ("ทั่ว", "ไทย")),
        ("Sale50%オフ!", ("Sale50%", "オフ!")),
        ("24時間は", ("24時間は",)),
        ("지금구매", ("지금구매",)),
        ("עכשיו", ("עכשיו",)),
        ("well-known", ("well-known",)),
        ("🔥👨‍👩‍👧Wow", ("🔥", "👨‍👩‍👧", "Wow")),
        ("", ()),
    ],
)
def test_words_break_where_their_script_allows_it(text: str, cut: tuple[str, ...]) -> None:
    assert pieces(text) == cut


def test_pieces_stay_together_up_to_a_length() -> None:
    assert pieces("今すぐ購入して水筒を", 7) == ("今すぐ購入して", "水筒を")


@given(st.text("今すぐ購入。「」ーッซื้อเลยทั่วไทย立即Sale50%🔥👍🏽e\u0301", max_size=20), st.integers(1, 8))
def test_no_character_is_lost(text: str, most: int) -> None:
    assert "".join(pieces(text, most)) == text
    assert "".join(tokens(text)).strip() == text.strip()


@pytest.mark.parametrize(
    ("words", "order"),
    [
        (["Buy", "it", "now"], [0, 1, 2]),
        (["קנו", "עכשיו", "היום"], [2, 1, 0]),
        (["קנו", "Northpeak", "Bottle", "עכשיו"], [3, 1, 2, 0]),
        (["Buy", "קנו", "עכשיו", "now"], [0, 2, 1, 3]),
        (["خصم", "20%", "الآن!"], [2, 1, 0]),
        (["🔥", "עכשיו"], [1, 0]),
        ([], []),
    ],
)
def test_words_stand_in_the_order_in_which_they_are_seen(words: list[str], order: list[int]) -> None:
    assert visual_order(words) == order


def test_words_of_one_direction_stand_as_the_whole_text_runs() -> None:
    assert visual_order(["Northpeak", "ב-24"], leftward=True) == [1, 0]
    assert visual_order(["Northpeak", "Bottle"], leftward=True) == [0, 1]
    assert visual_order(["20%", "50%"], leftward=True) == [1, 0]


@given(st.lists(st.text("אבגabc12 .%!ابت🔥", max_size=5), max_size=5))
def test_every_word_has_one_place(words: list[str]) -> None:
    assert sorted(visual_order(words)) == list(range(len(words)))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("abc", "abc"),
        ("אבג", "גבא"),
        ("אב 24 גד", "דג 24 בא"),
        ("אב 24% גד", "דג 24% בא"),
        ("אב abc def גד", "דג abc def בא"),
        ("abc אב 12", "abc 12 בא"),
        ("אב!", "!בא"),
        ("بت 24", "24 تب"),
        ("a אב! b", "a בא! b"),
        ("אב 1,200.5 ג", "ג 1,200.5 בא"),
    ],
)
def test_letters_stand_as_the_bidirectional_algorithm_orders_them(text: str, seen: str) -> None:
    assert "".join(text[n] for n in bidi.visual(bidi.levels(text))) == seen


@pytest.mark.parametrize(
    ("text", "upper"),
    [
        ("Shop now", "SHOP NOW"),
        ("Straße", "STRASSE"),
        ("Αγόρασε τώρα", "ΑΓΟΡΑΣΕ ΤΩΡΑ"),
        ("ϊδιο", "ΪΔΙΟ"),
        ("élan", "ÉLAN"),
        ("ქართული", "ქართული"),
        ("עכשיו", "עכשיו"),
    ],
)
def test_capitals_are_set_as_readers_expect(text: str, upper: str) -> None:
    assert capitals(text) == upper


@pytest.mark.parametrize(
    "text",
    ["今すぐ購入して冷たい水筒を手に入れよう", "立即购买享受八折优惠全国免费配送", "ซื้อเลยวันนี้ส่งฟรีทั่วไทยตลอดวัน"],
)
def test_a_headline_without_spaces_uses_its_lines(text: str) -> None:
    if BLACK.missing(text):
        pytest.skip("needs the CJK extra")
    set_ = fit(text, BLACK, (400, 400), 60, 20, 3)
    assert set_ is not None
    assert len(set_.lines) == 3
    assert "".join(set_.lines) == text
    assert all(width_of(line, BLACK, set_.size) <= 400 for line in set_.lines)


def test_lines_of_stacked_marks_get_more_room() -> None:
    assert leading(["अभी", "ख़रीदें"], 2) > leading(["Buy", "now"], 2) == 2
    assert leading(["ซื้อเลย"]) > leading(["קנו"]) == leading(["Buy"]) == leading(["Привет", "日本"])
