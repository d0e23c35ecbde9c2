"""Starting adcli is light: heavy libraries are imported by what needs them."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "boto3",
    "moviepy",
    "onnxruntime",
    "av",
    "replicate",
    "elevenlabs",
    "httpx",
    "PIL",
    "numpy",
    "resvg_py",
)
CODE = """
import sys
from typer.testing import CliRunner
from adcli.cli.main import app
result = CliRunner().invoke(app, {arguments!r})
assert result.exit_code == {code}, result.output
print("\\n".join(name for name in {heavy!r} if name in sys.modules))
print("\\n".join(name for name in sys.modules if name.startswith("adcli.providers.")))
"""


@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), (["run", "--help"], 0), (["schema"], 0)])
def test_no_heavy_library_and_no_provider_is_imported(arguments: list[str], code: int) -> None:
    program = CODE.format(arguments=arguments, code=code, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
