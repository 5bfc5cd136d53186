"""What the README says is so."""

import re
import shlex

import pytest
from typer.main import get_command

from annexscan.cli import app
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = get_command(app).commands


def test_every_command_has_help():
    for name, command in COMMANDS.items():
        assert command.help, name


@pytest.mark.parametrize("line", re.findall(r"^\.venv/bin/annexscan (.*?)\s*(?:#.*)?$", README, re.MULTILINE))
def test_every_command_line_of_the_readme_is_understood(line):
    words = shlex.split(line)
    command = COMMANDS[words[0]]
    rest = words[1:]
    if hasattr(command, "commands"):
        command, rest = command.commands[rest[0]], rest[1:]
    command.make_context(words[0], rest)


def test_the_python_example_runs(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out.startswith("flag leg_irons")


def test_every_folder_of_the_readme_exists():
    for folder in re.findall(r"^\| `([a-z/]+)/` \|", README, re.MULTILINE):
        assert (ROOT / folder).is_dir()
