"""Money and limits, as the campaign says: budget, prices of models, limits towards services."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue, model_validator

from adcli.spec.template import Model
from adcli.spec.values import Expected, Line


class Budget(Model):
    """Ceilings in USD; without one there is no limit."""

    per_video: Annotated[float | None, Field(ge=0, le=1e6, description="Most that one ad may cost.")] = None
    total: Annotated[
        float | None, Field(ge=0, le=1e6, description="Most that this campaign may ever cost.")
    ] = None
    hold_above: Annotated[
        float,
        Field(
            ge=0,
            le=1e6,
            description="A lost call that can't be looked up waits for a person above this price.",
        ),
    ] = 0.05


class Limit(Model):
    """How hard a service is used."""

    concurrency: Annotated[int | None, Field(ge=1, le=1000, description="Calls at one time.")] = None
    per_minute: Annotated[int | None, Field(ge=1, le=60000, description="Calls started per minute.")] = None
    timeout: Annotated[float | None, Field(gt=0, le=86400, description="Seconds that a job may take.")] = None


class PriceVariant(Model):
    """A cheaper price of the same model, for calls with these parameters."""

    when: Annotated[dict[str, JsonValue], Field(min_length=1, description="Parameter → value.")]
    usd: Annotated[float, Field(ge=0, le=10000, description="USD per unit.")]


class PriceEntry(Model):
    """What one model costs per unit. ``mtok`` is a million tokens: ``usd`` read, ``usd_out`` written.

    ``usd`` is the dearest the model can cost; ``variants`` are what certain parameters cost less,
    the first that fits counts. ``gpu_second`` models have the longest run that is possible in ``most``.
    """

    unit: Annotated[
        Literal["image", "second", "run", "1k_chars", "mtok", "gpu_second"],
        Field(description="What is counted."),
    ]
    usd: Annotated[float, Field(ge=0, le=10000, description="USD per unit.")]
    variants: Annotated[
        tuple[PriceVariant, ...], Field(strict=False, max_length=50, description="What costs less.")
    ] = ()
    least: Annotated[float | None, Field(gt=0, description="Units that a call is billed at least.")] = None
    most: Annotated[float | None, Field(gt=0, description="Units that a run takes at most.")] = None
    usd_out: Annotated[
        float | None, Field(ge=0, le=10000, description="USD per million tokens written, with unit mtok.")
    ] = None
    source: Annotated[Line | None, Field(description="Where the price was read.")] = None
    as_of: Annotated[
        str | None,
        Field(
            pattern=r"^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$", description="When, such as 2026-10."
        ),
    ] = None

    @model_validator(mode="after")
    def _both_directions(self) -> PriceEntry:
        if (self.unit == "mtok") != (self.usd_out is not None):
            raise Expected("usd_out together with unit mtok, and only then")
        if self.unit == "gpu_second" and self.most is None:
            raise Expected("most, the seconds of the longest run, together with unit gpu_second")
        return self
