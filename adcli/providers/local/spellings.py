"""How signs, units and short forms are spelled out when a text is read aloud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adcli.providers.local.first_names import word_set

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
    "pt": {
        ".": "ponto",
        "/": "barra",
        "@": "arroba",
        "-": "hífen",
        "&": "e",
        "%": "por cento",
        "€": "euros",
        "$": "dólares",
        "£": "libras",
    },
    "ru": {
        ".": "точка",
        "/": "слэш",
        "@": "собака",
        "-": "дефис",
        "&": "и",
        "%": "процентов",
        "€": "евро",
        "$": "долларов",
        "£": "фунтов",
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
    "m": "meters",
    "mi": "miles",
    "ghz": "gigahertz",
    "mp": "megapixels",
    "mb": "megabytes",
    "kwh": "kilowatt hours",
    "kcal": "kilocalories",
    "cal": "calories",
    "km/h": "kilometers per hour",
    "mph": "miles per hour",
    "cl": "centiliters",
    "dl": "deciliters",
    "yr": "years",
    "yrs": "years",
    "wk": "weeks",
    "mo": "months",
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
    "24/7/365": "twenty four seven, three sixty five",
    "i.e": "that is",
    "e.g": "for example",
    "i.e.": "that is",
    "e.g.": "for example",
    "etc": "et cetera",
    "incl": "including",
    "excl": "excluding",
    "avg": "average",
    "mph": "miles per hour",
    "dr": "doctor",
    "mr": "mister",
    "mrs": "missus",
    "jr": "junior",
    "diy": "DIY",
    "ceo": "CEO",
    "faq": "FAQ",
    "asap": "as soon as possible",
    "résumé": "rezoomay",
}
"""English words and signs that are read unlike they are written, in lower case."""

ABBREVIATIONS = word_set("vs approx incl excl avg mr mrs ms dr jr sr dept e.g i.e")
"""English short forms whose full stop ends no sentence where another word follows."""

SHORT_UNITS = word_set("min max etc inc ltd co oz lb lbs ft hr hrs mins sec secs est")
"""The same, but a capital behind their full stop begins a sentence."""

LETTERED = word_set("vitamin vitamins plan grade type class option series")
"""Words behind which a single A is a letter, not the article."""

ACUTE = word_set("cafe cafes puree purees matinee fiance fiancee melee toupee soiree nee decaf")
"""Words that are read right without the accent on their last e."""

TOP_LEVEL = word_set("uk de fr es it eu ca au io ai tv gg xyz at ch nl pl pt br mx se dk fi nz ie us")
"""Ends of addresses that are read as letters."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """How a language says short forms, ``units`` behind a number, and what stands between numbers."""

    words: Mapping[str, str]
    units: Mapping[str, str]
    out_of: str
    hours: str
    plus: str
    minus: str


TONGUES = {
    "de": Tongue(
        {
            "24/7": "rund um die Uhr", "1/2": "ein halb", "1/4": "ein Viertel", "3/4": "drei Viertel",
            "z.b.": "zum Beispiel", "d.h.": "das heißt", "bzw.": "beziehungsweise", "ca.": "circa",
            "inkl.": "inklusive", "usw.": "und so weiter", "nr.": "Nummer", "vs.": "gegen",
        },
        {
            "ml": "Milliliter", "l": "Liter", "g": "Gramm", "mg": "Milligramm", "kg": "Kilogramm",
            "cm": "Zentimeter", "mm": "Millimeter", "km": "Kilometer", "m": "Meter", "h": "Stunden",
            "std": "Stunden", "min": "Minuten", "x": "mal", "k": "tausend",
        },
        "von", "Uhr", "plus", "minus",
    ),
    "es": Tongue(
        {
            "24/7": "las veinticuatro horas", "1/2": "medio", "1/4": "un cuarto", "3/4": "tres cuartos",
            "p.ej.": "por ejemplo", "aprox.": "aproximadamente", "n.º": "número", "nº": "número",
            "vs.": "contra", "etc.": "etcétera",
        },
        {
            "ml": "mililitros", "l": "litros", "g": "gramos", "mg": "miligramos", "kg": "kilos",
            "cm": "centímetros", "mm": "milímetros", "km": "kilómetros", "m": "metros", "h": "horas",
            "min": "minutos", "x": "veces", "k": "mil",
        },
        "de", "y", "más", "menos",
    ),
    "fr": Tongue(
        {
            "24/7": "vingt-quatre heures sur vingt-quatre", "1/2": "un demi", "1/4": "un quart",
            "3/4": "trois quarts", "p.ex.": "par exemple", "env.": "environ", "n°": "numéro",
            "nº": "numéro", "vs.": "contre", "etc.": "et cetera",
        },
        {
            "ml": "millilitres", "l": "litres", "g": "grammes", "mg": "milligrammes", "kg": "kilos",
            "cm": "centimètres", "mm": "millimètres", "km": "kilomètres", "m": "mètres", "h": "heures",
            "min": "minutes", "x": "fois", "k": "mille",
        },
        "sur", "heures", "plus", "moins",
    ),
    "it": Tongue(
        {
            "24/7": "ventiquattro ore su ventiquattro", "1/2": "mezzo", "1/4": "un quarto",
            "3/4": "tre quarti", "ca.": "circa", "n°": "numero", "nº": "numero", "vs.": "contro",
            "ecc.": "eccetera",
        },
        {
            "ml": "millilitri", "l": "litri", "g": "grammi", "mg": "milligrammi", "kg": "chili",
            "cm": "centimetri", "mm": "millimetri", "km": "chilometri", "m": "metri", "h": "ore",
            "min": "minuti", "x": "volte", "k": "mila",
        },
        "su", "e", "più", "meno",
    ),
    "pt": Tongue(
        {
            "24/7": "vinte e quatro horas por dia", "1/2": "meio", "1/4": "um quarto", "3/4": "três quartos",
            "p.ex.": "por exemplo", "aprox.": "aproximadamente", "nº": "número", "vs.": "contra",
            "etc.": "etcétera",
        },
        {
            "ml": "mililitros", "l": "litros", "g": "gramas", "mg": "miligramas", "kg": "quilos",
            "cm": "centímetros", "mm": "milímetros", "km": "quilômetros", "m": "metros", "h": "horas",
            "min": "minutos", "x": "vezes", "k": "mil",
        },
        "de", "e", "mais", "menos",
    ),
    "ru": Tongue(
        {
            "24/7": "круглосуточно", "1/2": "половина", "1/4": "четверть", "3/4": "три четверти",
            "т.е.": "то есть", "напр.": "например", "№": "номер", "руб.": "рублей",
        },
        {
            "мл": "миллилитров", "л": "литров", "г": "граммов", "мг": "миллиграммов", "кг": "килограммов",
            "см": "сантиметров", "мм": "миллиметров", "км": "километров", "м": "метров", "ч": "часов",
            "мин": "минут", "x": "раз", "х": "раз", "₽": "рублей",
        },
        "из", "", "плюс", "минус",
    ),
}  # fmt: skip
"""Languages other than English that the draft's own voices often speak."""

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
