"""How displayed words are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adcli.providers.local.reading import Reading, spoken_words
from adcli.providers.local.speech_text import latin_share


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("acme.com/shop,", "acme dot com slash shop,"),
        ("https://www.glow-serum.co.uk/", "glow dash serum dot co dot UK"),
        ("info@acme.com", "info at acme dot com"),
        ("$20.50", "$20.50"),
        ("20€", "€20"),
        ("$1.2M", "1.2 million dollars"),
        ("$9/mo", "$9 a month"),
        ("50%", "50%"),
        ("24/7!", "twenty four seven!"),
        ("9/10", "9 out of 10"),
        ("&", "and"),
        ("AT&T", "A T and T"),
        ("and/or", "and or"),
        ("3x", "3 times"),
        ("30ml", "30 milliliters"),
        ("1kg", "1 kilogram"),
        ("10-20", "10 to 20"),
        ("#1", "number 1"),
        ("#GlowUp", "hashtag Glow Up"),
        ("@maria", "at maria"),
        ("café", "cafe"),
        ("Łódź", "Lodz"),
        ("don’t", "don't"),
        ("Glow™", "Glow"),
        ("🔥", ""),
        ("👩‍🚀", ""),
        ("✨wow✨", "wow"),
        ("—", "—"),
        ("U.S.", "U.S."),
        ("node.js", "node.js"),
    ],
)
def test_a_word_is_spelled_as_it_is_said(shown: str, said: str) -> None:
    assert spoken_words(shown, "en") == [said]


def test_shouted_texts_are_read_as_words_but_short_forms_stay() -> None:
    said = spoken_words("STOP SCROLLING AND PLUG THE USB", "en")
    assert said == ["stop", "scrolling", "AND", "plug", "THE", "USB"]


def test_other_languages_read_addresses_in_their_own_words() -> None:
    said = spoken_words("acme.de/shop & 50 %", "de-DE")
    assert said == ["acme Punkt de Schrägstrich shop", "und", "50", "Prozent"]
    assert spoken_words("¡Solo 20 €! 🔥", "es") == ["¡Solo", "20", "euros!", ""]


def test_a_pronunciation_of_the_campaign_wins() -> None:
    reading = Reading.of("Try (Nuvé)! NUVÉ.", "en", {"nuvé": "noo vay"})
    assert reading.shown == ("Try", "(Nuvé)!", "NUVÉ.")
    assert reading.spoken == ("Try", "(noo vay)!", "noo vay.")


def test_other_scripts_are_recognised() -> None:
    assert latin_share("Усталая кожа") == 0.0
    assert latin_share("Crème brûlée 24/7") == 1.0


@given(st.text(max_size=80), st.sampled_from(["en", "de", "ja", "x"]))
def test_every_displayed_word_has_one_spoken_form(text: str, language: str) -> None:
    assert len(spoken_words(text, language)) == len(text.split())
