"""Arguments and flags that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adcli.units import Quality

CampaignFile = Annotated[
    Path, typer.Argument(metavar="CAMPAIGN", help="The campaign file.", show_default=True)
]
State = Annotated[
    Path | None,
    typer.Option(
        "--state", metavar="DIR", envvar="ADCLI_STATE", help="State folder [.adcli beside the campaign]."
    ),
]
Draft = Annotated[
    bool, typer.Option("--draft", help="Make everything locally, for free, into a draft folder.")
]
DraftTo = Annotated[str | None, typer.Option("--draft-to", metavar="URI", help="Where a draft goes instead.")]
QualityFlag = Annotated[Quality, typer.Option("--quality", help="How much work the encoder does.")]
Storyboard = Annotated[
    bool, typer.Option("--storyboard", help="Draw scene, shot, move, time and prompt into videos.")
]
Select = Annotated[
    list[str] | None,
    typer.Option("--select", "-s", metavar="SEL", help="Only these: id, glob, stage: ad: variant: status:."),
]
Exclude = Annotated[list[str] | None, typer.Option("--exclude", "-x", metavar="SEL", help="All but these.")]
Retake = Annotated[
    list[str] | None,
    typer.Option("--retake", metavar="SEL", help="Make generative tasks anew; old takes are kept."),
]
RetryFailed = Annotated[bool, typer.Option("--retry-failed", help="Try again what failed for good.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
MaxCost = Annotated[
    float | None, typer.Option("--max-cost", metavar="USD", min=0, help="Spend no more in this run.")
]
NoSpend = Annotated[bool, typer.Option("--no-spend", help="Fail rather than spend.")]
Yes = Annotated[bool, typer.Option("--yes", help="Agree to the price.")]
FailFast = Annotated[bool, typer.Option("--fail-fast", help="Stop at the first failure.")]
Timeout = Annotated[
    float | None, typer.Option("--timeout", metavar="SECONDS", min=1, help="Stop after this long.")
]
Limits = Annotated[
    list[str] | None,
    typer.Option("--limit", metavar="NAME=N", help="At once, for PROVIDER or PROVIDER:STAGE."),
]
Jobs = Annotated[int | None, typer.Option("--jobs", min=1, max=64, help="CPU tasks at once [one a core].")]
Events = Annotated[
    Path | None, typer.Option("--events", metavar="FILE", help="Append every event as a JSON line.")
]
Junit = Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write JUnit XML, a case an ad.")]
Summary = Annotated[Path | None, typer.Option("--summary", metavar="FILE", help="Write a Markdown summary.")]
AllowCode = Annotated[
    bool, typer.Option("--allow-code", help="Let effects be Python modules of the campaign's own.")
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace files that adcli did not write.")]
Verify = Annotated[
    bool, typer.Option("--verify", help="Look at every S3 object instead of believing the state.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Only errors and the end.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Every task.")]

DEFAULT_FILE = Path("campaign.yaml")
