"""The confidence sequence: its closed form, its planned power, and that looking often costs nothing."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from bestfix.experiment.sequential import ConfidenceSequence


def test_it_is_the_formula_of_the_paper():
    sequence, error = ConfidenceSequence(effect=0.02, alpha=0.05), 0.004
    variance = 1 / error**2  # in the clock of information, the cumulative variance of the score is the information
    rate = sequence._tuned * sequence.planned**2
    reach = math.sqrt((variance + 1 / rate) * math.log((variance * rate + 1) / 0.05**2)) / variance
    assert sequence.radius(error) == pytest.approx(reach)


def test_the_bound_is_lowest_at_the_planned_look():
    sequence = ConfidenceSequence(effect=0.02)
    at = sequence.radius(sequence.planned) / sequence.planned
    assert at == pytest.approx(3.03, abs=0.01)
    for factor in (0.3, 0.7, 1.4, 3.0):
        assert sequence.radius(factor * sequence.planned) / (factor * sequence.planned) > at


@pytest.mark.parametrize("power", [0.8, 0.95])
def test_the_planned_look_has_the_planned_power(power):
    sequence = ConfidenceSequence(effect=0.02, power=power)
    reached = sequence.radius(sequence.planned)
    assert norm.sf(reached, 0.02, sequence.planned) == pytest.approx(power)


def test_no_error_is_no_width():
    assert ConfidenceSequence(effect=0.02).radius(0.0) == 0.0


def test_looking_at_every_step_of_a_brownian_motion_stays_within_alpha():
    rng = np.random.default_rng(1)
    sequence = ConfidenceSequence(effect=0.02, alpha=0.05)
    clock = np.linspace(0.01, 4, 400) / sequence.planned**2
    steps = rng.normal(size=(4000, 400)) * np.sqrt(np.diff(clock, prepend=0))
    estimates = np.cumsum(steps, axis=1) / clock
    reach = np.array([sequence.radius(1 / math.sqrt(c)) for c in clock])
    ever = (np.abs(estimates) > reach).any(axis=1).mean()
    naive = (np.abs(estimates) > 1.96 / np.sqrt(clock)).any(axis=1).mean()
    assert ever <= 0.05
    assert naive > 0.3
