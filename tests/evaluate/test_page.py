"""The HTML page."""

import pytest

pytest.importorskip("altair")
pytest.importorskip("vl_convert")


def test_the_page_needs_nothing_else():
    from bestfix.evaluate.judge import Proposal, Ranking, Result
    from bestfix.evaluate.page import page

    proposal = Proposal("a < b </script>", "why", ("p",), 0.7, True, 1, (), False, True, 1)
    ranking = Ranking((0,), 0.7, True, False, {"runs": None})
    result = Result("s/1", "s", "runs", ("runs",), "A", "NameError", (proposal,), {"first": ranking}, 0.01)
    text = page([result], ["first"])
    assert 'src="http' not in text
    assert "a &lt; b &lt;/script&gt;" in text
    assert text.count("</script>") == 1
    for plot in ("at", "curve", "reliability", "latency"):
        assert f'id="{plot}"' in text
