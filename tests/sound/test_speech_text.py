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
        ("€19", "€19"),
        ("£5.", "£5."),
        ("1,299", "1,299"),
        ("$0.99", "99 cents"),
        ("50¢", "50 cents"),
        ("3.5x", "3.5 times"),
        ("x2", "times 2"),
        ("4.9/5", "4.9 out of 5"),
        ("12/25", "12 25"),
        ("1/2", "one half"),
        ("No.1", "number 1"),
        ("2026", "2026"),
        ("10k", "10 thousand"),
        ("4K", "4 K"),
        ("5G", "5 G"),
        ("1M+", "1 million plus"),
        ("500+", "500 plus"),
        ("350ml", "350 milliliters"),
        ("30-day", "30-day"),
        ("1hr", "1 hour"),
        ("9am", "9 A-M"),
        ("10:30", "10 30"),
        ("9:05pm.", "9 oh 5 P-M."),
        ("10:00", "10 o'clock"),
        ("9am-5pm", "9 A-M to 5 P-M"),
        ("9-5", "9 to 5"),
        ("555-0100", "555-0100"),
        ("Mon-Fri", "Monday to Friday"),
        ("-20%", "minus 20%"),
        ("e.g.", "for example"),
        ("Wi-Fi", "Wi-Fi"),
        ("USB-C", "USB-C"),
        ("SPF50", "SPF50"),
        ("A/B", "A/B"),
        ("www.x.io", "x dot IO"),
        ("hello@acme.com", "hello at acme dot com"),
        ("CEO", "CEO"),
        ("diy", "DIY"),
        ("Lumé", "Lumay"),
        ("4.8★", "4.8-star"),
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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Run 5 km, 350 ml.", "Run 5 kilometers, 350 milliliters."),
        ("1 km in 9 min. flat", "1 kilometer in 9 minutes flat"),
        ("From 9 am.", "From 9 A-M."),
        ("I am 5, min. age", "I am 5, min age"),
        ("No. 1 here", "number 1 here"),
        ("Excuses? No. Results.", "Excuses? No. Results."),
        ("Dr. Lee vs. me, e.g. now", "doctor Lee versus me, for example now"),
        ("St. Ives", "Saint Ives"),
        ("Vitamin A serum, plan A.", "Vitamin ay serum, plan ay."),
        ("What A Day", "What A Day"),
        ("Get 20% off - now", "Get 20% off — now"),
    ],
)
def test_neighbours_tell_how_a_word_is_meant(text: str, said: str) -> None:
    assert " ".join(spoken_words(text, "en")) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("de", "19,99€ 50% 24/7 4,9/5", "19 Euro 99 50 Prozent rund um die Uhr 4,9 von 5"),
        ("de", "z.B. 10:30 5 km 3x Nr. 1", "zum Beispiel 10 Uhr 30 5 Kilometer 3 mal Nummer 1"),
        ("es", "$20.50 4,9/5 10k 350 ml", "20 dólares 50 4,9 de 5 10 mil 350 mililitros"),
        ("fr", "20€ 50% 10:30 n° 1 acme.fr", "20 euros 50 pour cent 10 heures 30 numéro 1 acme point fr"),
        ("it", "20€ 1/2 5 kg", "20 euro mezzo 5 chili"),
        ("ru", "50% 999₽ 4,9/5 350 мл", "50 процентов 999 рублей 4,9 из 5 350 миллилитров"),
    ],
)
def test_other_languages_say_amounts_in_their_own_words(language: str, text: str, said: str) -> None:
    assert " ".join(spoken_words(text, language)) == said


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
