"""``python -m tests.crash.alone ORDER.json``: one run in an interpreter of its own, for a tracer."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.crash.nursery import run, use_small_certificates
from tests.crash.orders import Order

if __name__ == "__main__":
    use_small_certificates()
    sys.exit(run(Order.from_json(json.loads(Path(sys.argv[1]).read_text()))).code)
