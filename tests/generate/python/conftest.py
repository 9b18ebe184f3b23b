"""Repairs of run-time errors alone: what those of some modules make of a program that was really run."""

import warnings

import pytest

from bestfix.capture import LiveContext, Origins, failing_frame, report_exception
from bestfix.core import Deadline, Source
from bestfix.generate.base import load_repairs
from bestfix.generate.pool import gather


def failed(code, namespace):
    """The exception that running the code raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiled = compile(code, "<cell>", "exec", dont_inherit=True)
    try:
        exec(compiled, namespace)
    except Exception as error:  # noqa: BLE001 - the programs of the tests raise everything
        return error
    raise AssertionError(f"this runs: {code}")


@pytest.fixture
def repaired():
    """The fixed texts that the repairs of some modules propose for code that fails, the likeliest first."""

    def run(code, *modules, setup=""):
        namespace = {"__name__": "__main__"}
        exec(setup, namespace)
        source = Source("<cell>", code)
        error = failed(code, namespace)
        context = LiveContext.of(namespace, error, frame=failing_frame(error, Origins(source)))
        repairs = [r for r in load_repairs()[0] if r.name.split(".")[1] in modules]
        candidates, failures = gather(repairs, report_exception(error, source), context, Deadline.after(10))
        assert failures == []
        assert all(0 < candidate.prior < 1 and candidate.reason for candidate in candidates)
        return [candidate.patch.apply(code) for candidate in candidates]

    return run
