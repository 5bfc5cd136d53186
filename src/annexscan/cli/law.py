"""``annexscan law``: what the law pack says of each kind on a date."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from annexscan.cli.options import AsOfOption, LawOption, RegimeOption, parse_date
from annexscan.locations import default_law_pack


def law(
    kind: Annotated[str | None, typer.Argument(help="One kind; all if left out.")] = None,
    regime: RegimeOption = "eu-2019-125",
    as_of: AsOfOption = None,
    law: LawOption = None,
) -> None:
    """List the kinds with their status, entry and how sure that is; checks the law pack on the way."""
    from annexscan.errors import UsageError
    from annexscan.law import LawPack

    pack = LawPack.load(law or default_law_pack())
    version = pack.regime(regime, parse_date(as_of))
    console = Console(highlight=False)
    if kind is not None:
        found = next((known for known in pack.kinds if known.id == kind), None)
        if found is None:
            raise UsageError(f"{kind}: no such kind; `annexscan law` lists them")
        entry = version.entries[kind]
        console.print(f"[bold]{found.name}[/] ({found.id}): {found.definition}")
        console.print(f"counts: {found.counts}")
        console.print(f"does not count: {'; '.join(found.excludes) or '-'}")
        console.print(f"{version.title}: {entry.status.value}, entry {entry.entry or 'not known'}")
        console.print(f"CN: {', '.join(entry.cn) or 'not known'}; basis {entry.basis.value}, source {entry.source}")
        console.print(entry.note)
        return
    console.print(f"[bold]{version.title}[/]  law pack {pack.sha256[:12]}")
    table = Table("kind", "status", "entry", "basis", "source", "CN")
    for known in pack.kinds:
        entry = version.entries[known.id]
        table.add_row(
            known.id,
            entry.status.value,
            entry.entry or "-",
            entry.basis.value,
            entry.source,
            ", ".join(entry.cn) or "-",
        )
    console.print(table)
    console.print("Regimes: " + ", ".join(f"{r.id} ({r.valid_from} to {r.valid_until or 'now'})" for r in pack.regimes))
