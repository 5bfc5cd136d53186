"""``python -m annexscan``."""

from annexscan.cli import main

main()
