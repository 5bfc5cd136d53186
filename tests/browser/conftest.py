"""The verdicts and run record of the report's own tests."""

import runpy
from pathlib import Path

_shared = runpy.run_path(str(Path(__file__).parents[1] / "report" / "conftest.py"))
make_verdict, run_record = _shared["make_verdict"], _shared["run_record"]
