"""Sentences in ten scripts, spoken at a usual pace, and each style as a campaign has it by default."""

from __future__ import annotations

import json
from typing import Any

from adcli.media.caption_look import Look
from adcli.media.caption_words import Word
from adcli.media.captions import add_captions
from adcli.media.faces import cjk_face
from adcli.media.layout import Frame
from adcli.media.subtitles import Document
from adcli.spec.look import Captions

SENTENCES = {
    "latin": "Stop scrolling! This bottle keeps your water ice cold for 24 hours, and it never leaks.",
    "cyrillic": "Хватит листать! Эта бутылка держит воду холодной 24 часа, и не протекает.",
    "greek": "Σταμάτα! Αυτό το μπουκάλι κρατάει το νερό παγωμένο για 24 ώρες.",
    "arabic": "توقف عن التمرير! هذه الزجاجة تحافظ على برودة الماء لمدة 24 ساعة، ولا تسرب أبدًا.",
    "hebrew": "תפסיקו לגלול! הבקבוק שומר על מים קרים 24 שעות, עם NORTHPEAK Pro ב-20% הנחה.",
    "devanagari": "रुकिए! यह बोतल आपके पानी को 24 घंटे तक ठंडा रखती है, और कभी नहीं टपकती।",
    "thai": "หยุดเลื่อนก่อน! ขวดนี้เก็บน้ำเย็นได้นานถึง24ชั่วโมง และไม่รั่วเลย",
    "japanese": "ちょっと待って！このボトルは24時間も冷たさをキープして、絶対に漏れません。",
    "chinese": "先别划走！这个水瓶能让水保持冰凉24小时，而且绝对不漏水。",
    "emoji": "I tried it 😍 and wow 🔥 it is so cold 🧊 that I love it ❤️ ok?",
    "long words": "Donaudampfschifffahrtsgesellschaften empfehlen Geschirrspülmaschinenreinigungstabletten!",
    "short words": "I do. So do we. A B C D E F G, it is ok, or is it?",
    "descenders": "Qüÿjgpy, Ấẩ Ǘ jşçğ Éclair Ñandú yyy ggg.",
}
PACES = {"japanese": 6.0, "chinese": 5.0, "thai": 12.0}


def drawable(script: str) -> bool:
    """Chinese and Japanese need the extra."""
    return cjk_face() is not None or script not in ("japanese", "chinese")


def spoken(script: str, start: float = 0.2) -> list[Word]:
    """The sentence's words, with short pauses."""
    found, pace = [], PACES.get(script, 13.0)
    for text in SENTENCES[script].split():
        end = start + len(text) / pace
        found.append(Word(text, start, end))
        start = end + 0.06
    return found


def rows(words: list[Word]) -> str:
    """Words as a voice task gives them."""
    return json.dumps([{"text": word.text, "start": word.start, "end": word.end} for word in words])


def settings(style: str, **changes: Any) -> dict[str, Any]:
    """The params of captions in a style, as a campaign that says no more has them."""
    return Captions.model_validate({"style": style, **changes}).model_dump(mode="json", exclude_none=True)


def look(style: str, frame: Frame, **changes: Any) -> Look:
    """The same for a frame."""
    own = settings(style, **changes)
    return Look(
        own["font_size"] * frame.unit,
        own["active_color"],
        own["inactive_color"],
        own["position"],
        own["bounce_scale"] if own["bounce"] else 1.0,
        style=style,
        most_words=own.get("max_words"),
        most_lines=own.get("max_lines"),
    )


def drawn(style: str, frame: Frame, script: str, **changes: Any) -> Document:
    """A document with the sentence's captions."""
    words = spoken(script)
    document = Document(frame.size, words[-1].end + 0.4)
    add_captions(document, words, frame, look(style, frame, **changes))
    return document
