from __future__ import annotations

from adcli.spec.campaign import PriceEntry
from adcli.spec.prices import load_prices


def test_the_shipped_prices_name_their_source_and_date() -> None:
    prices = load_prices({})
    assert prices["replicate:black-forest-labs/flux-1.1-pro"]["usd"] == 0.04
    for model, price in prices.items():
        assert ":" in model
        assert price["source"]
        assert price["as_of"]


def test_every_paid_model_of_the_contracts_example_has_a_price() -> None:
    assert load_prices({}).keys() >= {
        "anthropic:claude-sonnet-5-5",
        "higgsfield:higgsfield-ai/soul/standard",
        "replicate:black-forest-labs/flux-1.1-pro",
        "replicate:kwaivgi/kling-v2.5-turbo-pro",
        "elevenlabs:eleven_multilingual_v2",
        "fal:fal-ai/sync-lipsync/v2",
    }


def test_a_campaigns_own_price_wins_and_leaves_the_shipped_ones() -> None:
    model = "replicate:black-forest-labs/flux-1.1-pro"
    prices = load_prices({model: PriceEntry(unit="image", usd=0.02)})
    assert prices[model] == {"unit": "image", "usd": 0.02}
    assert load_prices({})[model]["usd"] == 0.04
