"""How signs, units and short forms are spelled out when a text is read aloud."""

from __future__ import annotations

SIGNS = {
    "en": {".": "dot", "/": "slash", "@": "at", "-": "dash", "_": "underscore", "&": "and", "%": "percent"},
    "de": {
        ".": "Punkt",
        "/": "Schrägstrich",
        "@": "at",
        "-": "minus",
        "&": "und",
        "%": "Prozent",
        "€": "Euro",
        "$": "Dollar",
        "£": "Pfund",
    },
    "es": {
        ".": "punto",
        "/": "barra",
        "@": "arroba",
        "-": "guion",
        "&": "y",
        "%": "por ciento",
        "€": "euros",
        "$": "dólares",
        "£": "libras",
    },
    "fr": {
        ".": "point",
        "/": "slash",
        "@": "arobase",
        "-": "tiret",
        "&": "et",
        "%": "pour cent",
        "€": "euros",
        "$": "dollars",
        "£": "livres",
    },
    "it": {
        ".": "punto",
        "/": "barra",
        "@": "chiocciola",
        "-": "trattino",
        "&": "e",
        "%": "per cento",
        "€": "euro",
        "$": "dollari",
        "£": "sterline",
    },
}
"""Signs inside addresses, and signs that stand alone, by language."""

PER = {
    "mo": "a month",
    "month": "a month",
    "yr": "a year",
    "year": "a year",
    "day": "a day",
    "wk": "a week",
    "week": "a week",
    "hr": "an hour",
    "hour": "an hour",
    "ea": "each",
    "kg": "a kilo",
    "lb": "a pound",
}
"""What follows the slash of a price."""

UNITS = {
    "ml": "milliliters",
    "l": "liters",
    "g": "grams",
    "mg": "milligrams",
    "kg": "kilograms",
    "oz": "ounces",
    "lb": "pounds",
    "lbs": "pounds",
    "cm": "centimeters",
    "mm": "millimeters",
    "km": "kilometers",
    "min": "minutes",
    "mins": "minutes",
    "sec": "seconds",
    "s": "seconds",
    "h": "hours",
    "hr": "hours",
    "hrs": "hours",
    "x": "times",
    "k": "thousand",
    "m": "million",
    "gb": "gigabytes",
    "tb": "terabytes",
    "mah": "milliamp hours",
    "w": "watts",
    "°": "degrees",
    "°c": "degrees",
    "°f": "degrees",
    "in": "inches",
    "ft": "feet",
}
"""Units behind a number, English."""

WORDS = {
    "w/": "with",
    "w/o": "without",
    "b/c": "because",
    "vs": "versus",
    "approx": "approximately",
    "&": "and",
    "+": "plus",
    "=": "equals",
    "@": "at",
    "24/7": "twenty four seven",
    "1/2": "one half",
    "1/3": "one third",
    "2/3": "two thirds",
    "1/4": "a quarter",
    "3/4": "three quarters",
    "½": "one half",
    "¼": "a quarter",
    "¾": "three quarters",
    "x": "x",
    "lol": "lol",
    "diy": "D I Y",
    "ceo": "C E O",
    "faq": "F A Q",
    "asap": "as soon as possible",
}
"""English words and signs that are read unlike they are written, in lower case."""

PLAIN_SIGNS = {
    ord(sign): plain
    for sign, plain in {
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "®": "",
        "™": "",
        "©": "",
        "\ufe0f": "",
        "\u20e3": "",
        "→": "",
        "•": "",
        "·": "",
        "×": "x",
        "*": "",
        "|": "",
        "~": "",
        "^": "",
        "\u2011": "-",
        "−": "-",
        "″": '"',
        "′": "'",
    }.items()
}
"""Typographic signs, by code point, and the plain ones that readers know."""

CURRENCY = {
    "$": ("dollar", "dollars"),
    "€": ("euro", "euros"),
    "£": ("pound", "pounds"),
    "¥": ("yen", "yen"),
}
"""Currency signs: one, many."""

SCALE = {
    "k": "thousand",
    "m": "million",
    "bn": "billion",
    "b": "billion",
}
"""Letters behind an amount of money."""
