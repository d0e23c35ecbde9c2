"""Money and limits, as the campaign says: budget, prices of models, limits towards services."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from adcli.spec.template import Model
from adcli.spec.values import Expected, Line


class Budget(Model):
    """Ceilings in USD; without one there is no limit."""

    per_video: Annotated[float | None, Field(ge=0, le=1e6, description="Most that one ad may cost.")] = None
    total: Annotated[
        float | None, Field(ge=0, le=1e6, description="Most that this campaign may ever cost.")
    ] = None


class Limit(Model):
    """How hard a service is used."""

    concurrency: Annotated[int | None, Field(ge=1, le=1000, description="Calls at one time.")] = None
    per_minute: Annotated[int | None, Field(ge=1, le=60000, description="Calls started per minute.")] = None
    timeout: Annotated[float | None, Field(gt=0, le=86400, description="Seconds that a job may take.")] = None


class PriceEntry(Model):
    """What one model costs per unit. ``mtok`` is a million tokens: ``usd`` read, ``usd_out`` written."""

    unit: Annotated[
        Literal["image", "second", "run", "1k_chars", "mtok"], Field(description="What is counted.")
    ]
    usd: Annotated[float, Field(ge=0, le=10000, description="USD per unit.")]
    usd_out: Annotated[
        float | None, Field(ge=0, le=10000, description="USD per million tokens written, with unit mtok.")
    ] = None
    source: Annotated[Line | None, Field(description="Where the price was read.")] = None
    as_of: Annotated[
        str | None, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$", description="When, such as 2026-10.")
    ] = None

    @model_validator(mode="after")
    def _both_directions(self) -> PriceEntry:
        if (self.unit == "mtok") != (self.usd_out is not None):
            raise Expected("usd_out together with unit mtok, and only then")
        return self
