"""`bestfix eval`: measure the fixes on case files."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bestfix.config import Settings
    from bestfix.evaluate.cases import Case
    from bestfix.evaluate.judge import Result

__all__ = ["evaluate"]


def evaluate(
    files: Annotated[list[Path], typer.Argument(help="Case files (.jsonl, .toml), or folders of them.")],
    selectors: Annotated[
        str, typer.Option(help="Selectors to compare on the same candidates; `all` of them; by default the one in use.")
    ] = "",
    limit: Annotated[int | None, typer.Option(min=1, help="At most this many cases of each source.")] = None,
    sample: Annotated[int | None, typer.Option(help="Draw the limited cases at random, with this seed.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Only cases whose id matches the glob.")] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Workers.")] = 1,
    json_out: Annotated[Path | None, typer.Option("--json", help="Write everything as JSON.")] = None,
    html_out: Annotated[Path | None, typer.Option("--html", help="Write a self-contained page with plots.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write the comparison of selectors as Markdown.")] = None,
    predictions: Annotated[Path | None, typer.Option(help="Write the candidates, one JSON line a case.")] = None,
    bless: Annotated[bool, typer.Option(help="Accept the ranks: write ranks.csv into the folder of cases.")] = False,
    verify: Annotated[str, typer.Option(help="Whether candidates are run: sandbox, or static for not.")] = "sandbox",
    llm: Annotated[bool, typer.Option("--llm", help="Ask the language model that the settings name.")] = False,
    cassette: Annotated[Path | None, typer.Option(help="Record its answers here; without --llm, only replay.")] = None,
    strategies: Annotated[str, typer.Option(help="Ask with these strategies only.")] = "",
    families: Annotated[bool, typer.Option(help="Also print a table by error family.")] = False,
) -> None:
    """Run cases with known answers, each in a bounded child process, and report how good the fixes are."""
    from bestfix.config import Settings
    from bestfix.evaluate import report
    from bestfix.evaluate.run import run_cases
    from bestfix.rank.selectors import SELECTORS, ModelError, is_selector

    if bless:
        _bless(files)
        return
    names = _names(selectors or Settings().selector)
    if unknown := [name for name in names if not is_selector(name)]:
        raise typer.BadParameter(f"no selector is called {unknown[0]!r}; there are {', '.join(SELECTORS)}")
    cases = _cases(files, only or (), limit, sample)
    if html_out and importlib.util.find_spec("vl_convert") is None:
        typer.echo("bestfix eval: --html needs more packages: pip install 'bestfix[eval]'", err=True)
        raise typer.Exit(2)
    settings = _with_model(Settings(verify=verify), cassette, strategies, ask=llm)
    try:
        results = run_cases(cases, names, jobs=jobs, settings=settings, done=_Progress(cases))
    except ModelError as error:
        typer.echo(f"bestfix eval: {error}", err=True)
        raise typer.Exit(2) from error
    report.print_tables(results, names, families=families)
    if json_out:
        import json

        _write(json_out, json.dumps(report.as_json(results, names, settings), ensure_ascii=False))
    if html_out:
        from bestfix.evaluate.page import page

        _write(html_out, page(results, names))
    if markdown:
        from bestfix.evaluate.comparison_report import comparison_page

        _write(markdown, comparison_page(results, names))
    if predictions:
        _write(predictions, "".join(f"{line}\n" for line in report.predictions(results, names[0])))


def _with_model(settings: Settings, cassette: Path | None, strategies: str, *, ask: bool) -> Settings:
    """Return settings under which a model is asked, or its recorded answers are given again, if either is wanted."""
    if not ask and cassette is None:
        return settings
    from dataclasses import replace

    from bestfix.generate.llm.cassette import CassetteError, recorded, recorded_with

    llm = replace(type(settings).load().llm, always=True, cassette=str(cassette or ""))
    names = tuple(name.strip() for name in strategies.split(",") if name.strip())
    if cassette is not None and not ask:
        try:
            llm = recorded_with(cassette, llm)
            recorded(cassette)
        except (CassetteError, OSError) as error:
            raise typer.BadParameter(str(error)) from error
    llm = replace(llm, strategies=names or llm.strategies)
    if not llm.model:
        raise typer.BadParameter("no model is named: set llm.model, or give a cassette that holds answers")
    return replace(settings, llm=llm, network=ask)


def _cases(files: Sequence[Path], only: Sequence[str], limit: int | None, sample: int | None) -> list[Case]:
    """Return the cases to run; at least one."""
    from bestfix.evaluate.cases import CaseError, load_cases, selected

    try:
        cases = selected(load_cases(files), only=only, limit=limit, seed=sample)
    except CaseError as error:
        typer.echo(f"bestfix eval: {error}", err=True)
        raise typer.Exit(2) from error
    if not cases:
        typer.echo("bestfix eval: no case is left to run", err=True)
        raise typer.Exit(2)
    return cases


def _names(selectors: str) -> list[str]:
    """Return the names of selectors, in which `all` stands for every one that comes with the package."""
    from bestfix.rank.selectors import SELECTORS

    names = [name.strip() for name in selectors.split(",") if name.strip()]
    shipped = [name for name in SELECTORS if name != "language-model"]
    return list(dict.fromkeys(n for name in names for n in (shipped if name == "all" else [name])))


def _bless(files: Sequence[Path]) -> None:
    from bestfix.evaluate.ranks import RANKS, rank_table

    if len(files) != 1 or not files[0].is_dir():
        raise typer.BadParameter("--bless takes one folder of cases and nothing else")
    _write(files[0] / RANKS, rank_table(files[0]))


class _Progress:
    """A counter on standard error, when a person looks at it."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.total = len(cases)
        self.done = 0

    def __call__(self, result: Result) -> None:
        self.done += 1
        if sys.stderr.isatty():
            end = "\n" if self.done == self.total else ""
            sys.stderr.write(f"\r\033[K{self.done}/{self.total} {result.id}{end}")
            sys.stderr.flush()


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    typer.echo(f"wrote {path}", err=True)


if __name__ == "__main__":
    typer.run(evaluate)
