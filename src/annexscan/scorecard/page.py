"""The evaluation as one HTML page with its plots inside."""

import io
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup


def render_page(data: dict[str, Any]) -> str:
    """The page for the data of :func:`annexscan.scorecard.evaluate`."""
    environment = Environment(
        loader=PackageLoader("annexscan.scorecard"), autoescape=select_autoescape(default=True), trim_blocks=True
    )
    environment.filters["share"] = _share
    environment.filters["per_100k"] = lambda share: f"{share['value'] * 1e5:.1f} (≤ {share['high'] * 1e5:.1f})"
    plots = {"pr": Markup(_pr_plot(data)), "reliability": Markup(_reliability_plot(data))}  # drawn here, no input text
    return environment.get_template("evaluation.html.j2").render(data=data, plots=plots)


def _share(share: dict[str, Any]) -> str:
    return f"{share['value']:.3f} [{share['low']:.2f}, {share['high']:.2f}] {share['found']}/{share['rows']}"


def _pr_plot(data: dict[str, Any]) -> str:
    def draw(axes: Any) -> None:
        for peer in data.get("peers") or [{"name": data["bundle"], **data["pr"], "pr": data["pr"]}]:
            label = f"{peer['name'].split('@')[0]} ({peer['average_precision']:.2f})"
            axes.plot(peer["pr"]["recall"], peer["pr"]["precision"], label=label, linewidth=1.6)
        axes.set(xlabel="recall of listed goods", ylabel="precision", xlim=(0, 1), ylim=(0, 1.02))
        axes.set_title("Precision and recall on the test voices")
        axes.legend(title="average precision", fontsize=8, title_fontsize=8)

    return _svg(draw)


def _reliability_plot(data: dict[str, Any]) -> str:
    def draw(axes: Any) -> None:
        axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
        for mean, share, rows in data["reliability"]:
            axes.plot(mean, share, "o", color="#14506b")
            axes.annotate(str(rows), (mean, share), textcoords="offset points", xytext=(5, -10), fontsize=7)
        axes.set(xlabel="mean score", ylabel="share that is listed", xlim=(0, 1), ylim=(0, 1.02))
        axes.set_title("Reliability on the test voices (numbers: rows)")

    return _svg(draw)


def _svg(draw: Any) -> str:
    import matplotlib

    matplotlib.use("svg")
    from matplotlib.figure import Figure

    matplotlib.rcParams["svg.hashsalt"] = "annexscan"  # the same figures give the same bytes
    figure = Figure(figsize=(5.2, 4.0), layout="constrained")
    draw(figure.add_subplot())
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    text = out.getvalue()
    return text[text.index("<svg") :]
