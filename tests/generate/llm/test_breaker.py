"""The circuit breaker by a clock of its own, and what headers say of limits."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bestfix.generate.llm.breaker import Breaker
from bestfix.generate.llm.errors import CircuitOpenError, ConnectionFailedError, KeyRefusedError
from bestfix.generate.llm.limits import hold_off

BROKEN = ConnectionFailedError("no connection: Connection refused")


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        self.now += 0.001
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker(clock)


def fail(breaker, error=BROKEN):
    return breaker.failed(breaker.admit(), error)


def test_it_opens_after_three_failures_in_a_row_and_says_why(breaker):
    assert [fail(breaker) for _ in range(3)] == [False, False, True]
    with pytest.raises(CircuitOpenError, match=r"5 s more.*3 requests failed.*Connection refused"):
        breaker.admit()


def test_an_answer_in_between_starts_the_count_again(breaker):
    fail(breaker)
    fail(breaker)
    assert not breaker.succeeded()
    fail(breaker)
    assert breaker.closed


def test_requests_that_fail_together_are_one_failure(breaker):
    together = [breaker.admit() for _ in range(8)]
    for admitted in together:
        breaker.failed(admitted, BROKEN)
    assert breaker.failures == 1


def test_one_request_probes_and_an_answer_closes(breaker, clock):
    for _ in range(3):
        fail(breaker)
    clock.now += 6
    breaker.admit()
    with pytest.raises(CircuitOpenError, match=r"another request finds out"):
        breaker.admit()
    assert breaker.succeeded()
    breaker.admit()
    breaker.admit()


def test_a_probe_that_fails_doubles_the_pause(breaker, clock):
    for _ in range(3):
        fail(breaker)
    clock.now += 6
    assert not fail(breaker)
    with pytest.raises(CircuitOpenError, match="10 s more"):
        breaker.admit()
    clock.now += 11
    breaker.admit()


def test_a_probe_that_is_given_up_lets_another_try(breaker, clock):
    for _ in range(3):
        fail(breaker)
    clock.now += 6
    breaker.abandoned(breaker.admit())
    breaker.admit()


def test_a_latecomer_neither_ends_a_probe_nor_counts(breaker, clock):
    old = breaker.admit()
    for _ in range(3):
        fail(breaker)
    clock.now += 6
    breaker.admit()
    assert not breaker.failed(old, BROKEN)
    breaker.abandoned(old)
    with pytest.raises(CircuitOpenError, match="another request"):
        breaker.admit()


def test_a_refused_key_opens_it_at_once(breaker):
    assert fail(breaker, KeyRefusedError("status 401", status=401))
    with pytest.raises(CircuitOpenError, match="status 401"):
        breaker.admit()


def test_a_hold_ends_by_itself_and_the_longest_counts(breaker, clock):
    breaker.hold(10)
    breaker.hold(2)
    assert 9 < breaker.held <= 10
    clock.now += 10
    assert breaker.held == 0


NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after-ms": "250", "retry-after": "3"}, 0.25),
        ({"retry-after": "Thu, 01 Jan 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Thu, 01 Jan 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "-1"}, None),
        ({"x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": "1m"}, None),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s"}, 360.0),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "120ms"}, 0.12),
        (
            {
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-limit-requests": "60",
                "x-ratelimit-reset-requests": "1m0s",
            },
            1.0,
        ),
        (
            {
                "anthropic-ratelimit-requests-remaining": "0",
                "anthropic-ratelimit-requests-reset": "2026-01-01T12:00:05Z",
            },
            5.0,
        ),
    ],
)
def test_headers_say_how_long_to_wait(headers, seconds):
    assert hold_off(headers, NOW) == (None if seconds is None else pytest.approx(seconds))
