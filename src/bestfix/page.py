"""One HTML page that needs nothing else: text, tables and Vega-Lite plots, with their scripts in it, light and dark."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Plot", "document", "plot"]

_STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1c2024, #e6e8ea); --soft: light-dark(#60676e, #9aa2aa);
  --line: light-dark(#dfe3e6, #343a40); --ground: light-dark(#fff, #16191c); --bar: light-dark(#3b73b9, #6ea8e8); }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); margin: 2rem auto;
  max-width: 72rem; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin: 2.5rem 0 .5rem; }
p, figcaption, .soft { color: var(--soft); } table { border-collapse: collapse; width: 100%; font-size: .87rem; }
th, td { text-align: right; padding: .25rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap;
  font-variant-numeric: tabular-nums; }
th { color: var(--soft); font-weight: 600; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(26rem, 1fr)); gap: 1.5rem; }
figure { margin: 0; } .plot { width: 100%; min-height: 260px; } .scroll { overflow-x: auto; }
"""
_SCRIPT = """
const dark = matchMedia("(prefers-color-scheme: dark)");
function draw() {
  const ink = dark.matches ? "#c4cad0" : "#454b52", line = dark.matches ? "#343a40" : "#e3e6e9";
  const config = { background: "transparent", view: { stroke: null }, font: "system-ui, sans-serif",
    axis: { labelColor: ink, titleColor: ink, gridColor: line, domainColor: line, tickColor: line },
    legend: { labelColor: ink, titleColor: ink }, title: { color: ink } };
  for (const [id, spec] of Object.entries(PLOTS))
    vegaEmbed("#" + id, { ...spec, config }, { actions: false });
}
dark.addEventListener("change", draw);
draw();
"""


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot with the line under it.

    Attributes:
        caption: plain text.
        spec: its Vega-Lite specification.
    """

    caption: str
    spec: Mapping[str, Any]


def plot(caption: str, chart: Any, *, height: int = 240) -> Plot:
    """Return an Altair chart as a plot as wide as its place; `height` is in pixels."""
    spec: dict[str, Any] = chart.properties(width="container", height=height).to_dict()
    spec.pop("config", None)
    return Plot(caption, spec)


def document(title: str, lead: str, plots: Mapping[str, Plot], rest: str, style: str = "") -> str:
    """Return the page.

    Args:
        title: plain text.
        lead: HTML between the title and the plots.
        plots: the plots by their ids.
        rest: HTML after the plots.
        style: style sheets of its own.

    Raises:
        ModuleNotFoundError: without the packages of the extra `eval`.
    """
    import vl_convert

    figures = "".join(
        f'<figure><div class="plot" id="{name}"></div><figcaption>{html.escape(drawn.caption)}</figcaption></figure>'
        for name, drawn in plots.items()
    )
    specs = json.dumps({name: drawn.spec for name, drawn in plots.items()}).replace("</", "<\\/")
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;").replace("</script", "<\\/script")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}{style}</style></head><body><h1>{html.escape(title)}</h1>{lead}"
        f'<div class="plots">{figures}</div>{rest}'
        f'<script type="module">{bundle}\nconst PLOTS = {specs};\n{_SCRIPT}</script></body></html>\n'
    )
