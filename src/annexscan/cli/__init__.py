"""The ``annexscan`` command: reads arguments, calls the library, prints.

Nothing heavy is imported until a command runs, so that ``--help`` answers at once.
"""

import sys

import typer
from rich.console import Console

from annexscan.cli.corpus import corpus_app
from annexscan.cli.law import law
from annexscan.cli.model import evaluate, fit, verify
from annexscan.cli.scan import explain, scan
from annexscan.errors import AnnexscanError

app = typer.Typer(
    help="Find goods that have no use other than torture or execution. Every verdict indicates; a person decides.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(scan)
app.command()(explain)
app.command()(law)
app.command()(verify)
app.command()(fit)
app.command()(evaluate)
app.add_typer(corpus_app, name="corpus")


def main() -> None:
    """Run the command; an error that annexscan explains is printed, never a traceback."""
    try:
        app()
    except AnnexscanError as error:
        Console(stderr=True).print(f"[bold red]annexscan:[/] {_plain(str(error))}", highlight=False, soft_wrap=True)
        sys.exit(error.exit_code)
    except OSError as error:
        Console(stderr=True).print(f"[bold red]annexscan:[/] {_plain(str(error))}", highlight=False, soft_wrap=True)
        sys.exit(AnnexscanError.exit_code)


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)
