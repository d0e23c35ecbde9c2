"""The emulated ElevenLabs account: its voices, models, plan, and the words of its errors."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse

_PREMADE = (
    ("EXAVITQu4vr4xnSDxMaL", "Sarah - Mature, Reassuring, Confident"),
    ("FGY2WhTYpPnrIDTdsKH5", "Laura - Enthusiast, Quirky Attitude"),
    ("IKne3meq5aSn9XLyUdCD", "Charlie - Deep, Confident, Energetic"),
    ("JBFqnCBsd6RMkjVDRZzb", "George - Warm, Captivating Storyteller"),
    ("TX3LPaxmHKxFdv7VOQHJ", "Liam - Energetic, Social Media Creator"),
    ("Xb7hH8MSUJpSbSDYk0k2", "Alice - Clear, Engaging Educator"),
    ("XrExE9yKIg1WjnnlVkGX", "Matilda - Knowledgable, Professional"),
    ("bIHbv24MWmeRgasZH58o", "Will - Relaxed Optimist"),
    ("cgSgspJ2msm6clMCkdW9", "Jessica - Playful, Bright, Warm"),
    ("cjVigY5qzO86Huf0OWal", "Eric - Smooth, Trustworthy"),
    ("iP95p4xoKVk53GoZ742B", "Chris - Charming, Down-to-Earth"),
    ("nPczCjzI2devNBz1zQrb", "Brian - Deep, Resonant and Comforting"),
    ("onwK4e9ZLuTAKqWW03F9", "Daniel - Steady Broadcaster"),
    ("pFZP5JQG7iQjIQuC4Bku", "Lily - Velvety Actress"),
    ("CwhRBWXzGAHq8TQ4Fs17", "Roger - Laid-Back, Casual, Resonant"),
)
_OWN = (
    ("own0000000000000ann1", "Ann"),
    ("own0000000000000twi1", "Twin"),
    ("own0000000000000twi2", "Twin"),
    *((f"own00000000000000{n:03}", f"Narrator {n}") for n in range(120)),
)
LEGACY = (("21m00Tcm4TlvDq8ikWAM", "Rachel"), ("pNInz6obpgDQGcFmaJgB", "Adam"))
"""Only in the older list, and only when asked for."""
LIBRARY = (("lib00000000000000one", "Library Lou"),)
"""Voices of others: they speak by their id and are in no list of the account."""

MODELS = {
    "eleven_multilingual_v2": (10_000, 1.0, True),
    "eleven_flash_v2_5": (40_000, 0.5, True),
    "eleven_turbo_v2_5": (40_000, 0.5, True),
    "eleven_v3": (5_000, 1.0, True),
    "eleven_v4": (10_000, 0.8, True),
    "eleven_english_sts_v2": (10_000, 1.0, False),
}
"""Name → longest text, credits a character, whether it speaks."""
TIER, LIMIT, AT_ONCE = "creator", 100_000, 5
"""The plan: its name, its credits, and how many calls may run."""

_WORDS = {
    "invalid_api_key": (401, "Invalid API key"),
    "missing_permissions": (
        401,
        "The API key you used is missing the permission {0} to execute this operation.",
    ),
    "quota_exceeded": (
        401,
        "This request exceeds your quota of 100000. You have 12 credits remaining, while 91 credits are "
        "required for this request.",
    ),
    "payment_issue": (401, "You have a failed or incomplete payment. Complete the latest invoice."),
    "paid_plan_required": (402, "Free users cannot use library voices via the API."),
    "max_character_limit_exceeded": (
        400,
        "This request's text has {0} characters and exceeds the limit of {1}.",
    ),
    "voice_not_found": (400, "A voice with voice_id {0} was not found."),
    "model_not_found": (400, "A model with model ID {0} does not exist."),
    "invalid_ttd_stability": (400, "Invalid TTD stability value. Must be one of: [0.0, 0.5, 1.0]"),
    "bad_prompt": (400, "We are unable to generate music for this prompt, as it breaks our terms."),
    "history_item_not_found": (404, "History item with id {0} not found."),
    "concurrent_limit_exceeded": (
        429,
        "Too many concurrent requests. Your current subscription allows {0} at once.",
    ),
    "system_busy": (429, "We are experiencing heavy traffic, please try again later."),
}
USUAL = {
    400: "voice_not_found",
    401: "invalid_api_key",
    402: "paid_plan_required",
    404: "history_item_not_found",
}
"""The code of an error that was ordered by its number alone."""


def problem(code: str, *parts: object, **more: Any) -> JSONResponse:
    """An error in the service's newer form."""
    status, message = _WORDS[code]
    detail = {"type": "error", "code": code, "message": message.format(*parts), "status": code, **more}
    return JSONResponse({"detail": {**detail, "request_id": "req_failed", "param": None}}, status)


def is_known(code: str) -> bool:
    """There are words for it."""
    return code in _WORDS


def invalid(field: str, said: str = "field required", kind: str = "missing") -> JSONResponse:
    """A 422 as FastAPI writes it: a list."""
    return JSONResponse({"detail": [{"loc": ["body", *field.split(".")], "msg": said, "type": kind}]}, 422)


def voice(identity: str, name: str, category: str) -> dict[str, Any]:
    """A voice as lists show it."""
    labels = {"accent": "american", "age": "young", "gender": "female"}
    shown = {"voice_id": identity, "name": name, "category": category, "labels": labels}
    return {**shown, "preview_url": None, "description": "", "available_for_tiers": [], "settings": None}


def own_voices() -> list[dict[str, Any]]:
    """Those of the account, newest first, default ones last."""
    made = [voice(*one, "cloned") for one in _OWN]
    return made + [voice(*one, "premade") for one in _PREMADE]


def voice_names() -> dict[str, str]:
    """Id → name of every voice that speaks."""
    return dict((*_PREMADE, *_OWN, *LEGACY, *LIBRARY))


def model(name: str) -> dict[str, Any]:
    """A model as the list shows it."""
    longest, rate, speaks = MODELS[name]
    return {
        "model_id": name,
        "name": name.replace("_", " ").title(),
        "can_do_text_to_speech": speaks,
        "can_use_style": True,
        "maximum_text_length_per_request": longest,
        "concurrency_group": "turbo" if rate < 0.8 else "standard",
        "model_rates": {"character_cost_multiplier": rate},
        "languages": [{"language_id": "en", "name": "English"}],
    }


def subscription(spent: int) -> dict[str, Any]:
    """The plan and what is left of it."""
    return {
        "tier": TIER,
        "character_count": spent,
        "character_limit": LIMIT,
        "max_credit_limit_extension": 0,
        "can_extend_character_limit": False,
        "allowed_to_extend_character_limit": False,
        "next_character_count_reset_unix": 1_798_761_600,
        "voice_slots_used": len(_OWN),
        "professional_voice_slots_used": 0,
        "voice_limit": 160,
        "voice_add_edit_counter": 0,
        "professional_voice_limit": 1,
        "can_extend_voice_limit": False,
        "can_use_instant_voice_cloning": True,
        "can_use_professional_voice_cloning": True,
        "currency": "usd",
        "status": "active",
        "billing_period": "monthly_period",
        "character_refresh_period": "monthly_period",
        "open_invoices": [],
        "has_open_invoices": False,
    }
