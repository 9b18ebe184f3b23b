"""The features of the places in broken code, by which the learned model judges what is done to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bestfix.generate.python.syntax.view import View

__all__ = ["Sites"]

NEAR_STOP, NEAR_ERROR = (40, 8), (12, 24)
"""How many items before and after the places where the parser stopped and that it points to are looked at."""

BALANCES = ("B0", "B1", "B2")
"""The sites of a change of brackets: they match no longer, they match afterwards, they still do not."""


class Sites:
    """The features of every place, named `g3` for gap 3, `t3` for item 3, and `B0`, `B1` for the balance afterwards."""

    def __init__(self, view: View, messages: Mapping[str, str]) -> None:
        self.view = view
        self.message = messages.get(view.message, "?")
        self.probe = messages.get(view.probe_message, "?") if view.probe_message else ""
        self.span = sorted(_near(view.stop, *NEAR_STOP, view) | _near(view.at, *NEAR_ERROR, view))
        self.scores: dict[str, tuple[float, ...]] = {}
        self._known: dict[str, list[str]] = {name: [name] for name in BALANCES}

    def __contains__(self, site: str) -> bool:
        return site[0] != "t" or int(site[1:]) < len(self.view.items)

    def features(self, site: str) -> list[str]:
        """Return the features of a site."""
        found = self._known.get(site)
        if found is None:
            found = self._known[site] = [name for _, names in self.parts(site) for name in names()]
        return found

    def parts(self, site: str) -> list[tuple[tuple[str, ...], Callable[[], list[str]]]]:
        """Return the features of a site in parts, each with a key that tells when it is the same elsewhere."""
        kind = site[0]
        if kind in {"g", "t"}:
            return self._gap(int(site[1:])) if kind == "g" else self._item(int(site[1:]))
        names = [site] if kind == "B" else self._pair(site)
        return [((), lambda: names)]

    def _place(self, i: int) -> tuple[str, str, str, str, str, str]:
        """Return what the features of a gap and of the item after it are made of."""
        view = self.view
        item = view.items[min(i, len(view.items) - 1)]
        around = view.around[min(i, len(view.items))]
        d, e = _bucket(i - view.at), _bucket(i - view.stop)
        return d, e, view.firsts[item.line], around, view.balances[item.line], view.kind(i)

    def _distant(self, d: str, e: str) -> list[str]:
        m = self.message
        return ["1", "m" + m, "d" + d, "e" + e, f"D{m} {d}", f"E{m} {e}", f"q{self.probe} {e}", f"x{d} {e}"]

    def _nearby(self, first: str, around: str, balance: str, kind: str) -> list[str]:
        m = self.message
        return [
            "c" + around, f"k{around} {kind}", f"f{first} {kind}", "b" + balance, f"a{balance} {kind}",
            f"y{m} {around}", f"o{m} {kind}",
        ]  # fmt: skip

    def _gap(self, i: int) -> list[tuple[tuple[str, ...], Callable[[], list[str]]]]:
        view, m = self.view, self.message
        d, e, first, around, balance, kind = self._place(i)
        p2, p, n, n2 = view.kind(i - 2), view.kind(i - 1), kind, view.kind(i + 1)
        spaced = "_" if i >= len(view.items) or view.items[i].spaced else "-"

        def local() -> list[str]:
            return [
                *self._nearby(first, around, balance, kind),
                "p" + p, "n" + n, f"w{p} {n}", f"P{p2} {p}", f"N{n} {n2}", f"s{spaced}{n}",
                f"S{p}{spaced}{n}", f"l{first} {p}", f"K{around} {p}", f"W{p2} {p} {n}", f"V{p} {n} {n2}",
            ]  # fmt: skip

        return [
            (("g", m, first, around, balance, p2, p, n, n2, spaced), local),
            (("gd", m, self.probe, d, e), lambda: self._distant(d, e)),
            (("gr", first, e), lambda: [f"r{first} {e}"]),
        ]

    def _item(self, i: int) -> list[tuple[tuple[str, ...], Callable[[], list[str]]]]:
        view, m = self.view, self.message
        d, e, first, around, balance, t = self._place(i)
        p2, p, n, n2 = view.kind(i - 2), view.kind(i - 1), view.kind(i + 1), view.kind(i + 2)
        item = view.items[i]
        spaced = "_" if item.spaced else "-"
        after = "_" if i + 1 >= len(view.items) or view.items[i + 1].spaced else "-"
        length = str(min(len(item.text), 4))

        def local() -> list[str]:
            return [
                *self._nearby(first, around, balance, t),
                "t" + t, f"p{p} {t}", f"n{t} {n}", f"w{p} {n}", f"W{p} {t} {n}", f"P{p2} {p} {t}",
                f"N{t} {n} {n2}", f"s{spaced}{t}{after}", f"u{length} {t}",
            ]  # fmt: skip

        return [
            (("t", m, first, around, balance, p2, p, t, n, n2, spaced, after, length), local),
            (("td", m, self.probe, d, e), lambda: self._distant(d, e)),
            (("tr", first, t, m, e), lambda: [f"r{first} {e}", f"T{t} {e}", f"z{t} {m} {e}"]),
        ]

    def _pair(self, site: str) -> list[str]:
        """Features of the items `i` to `j`, named `si,j`."""
        i, j = map(int, site[1:].split(","))
        view = self.view
        length = j - i
        lines = "=" if view.items[i].line == view.items[max(i, j - 1)].line else "+"
        covers = f"{'<' if i <= view.at else '>'}{'<' if view.stop <= j else '>'}"
        begins = "^" if i == 0 or view.kind(i - 1)[:2] in {"NL", "nl"} else ""
        ends = "$" if view.kind(j)[:2] in {"NL", "nl", "$"} else ""
        kinds = {view.kind(k) for k in range(i, min(j, i + 8))}
        return [
            f"L{min(length, 12)}", "=" + lines, "v" + covers, f"h{begins}{ends}{lines}",
            f"i{',' in kinds}{'for' in kinds}{'=' in kinds}", f"H{begins}{ends}{min(length, 6)}",
        ]  # fmt: skip


def _bucket(distance: int) -> str:
    """Return a distance in items, exact when small."""
    if -6 <= distance <= 5:
        return str(distance)
    return f"{'-' if distance < 0 else '+'}{min(abs(distance), 40).bit_length()}b"


def _near(index: int, before: int, after: int, view: View) -> set[int]:
    """Return the indices around one, up to the end of the view."""
    return set(range(max(0, index - before), min(len(view.items), index + after) + 1))
