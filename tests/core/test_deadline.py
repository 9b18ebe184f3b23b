"""Time as an argument, and work that is counted in steps."""

import math

from bestfix.core import Deadline


def test_a_part_of_the_time_is_no_longer_than_the_whole():
    whole = Deadline.after(1.0)
    assert whole.within(60.0) == whole
    assert whole.within(0.1).left <= 0.1


def test_a_fresh_allowance_is_given_after_the_deadline_too():
    late = Deadline.after(-1.0)
    assert late.passed
    assert late.within(1.0).passed
    assert not late.anew(60.0).passed


def test_work_that_is_counted_in_steps_is_hurried_nowhere():
    never = Deadline.never()
    assert never == Deadline.after(math.inf) == never.within(0.1) == never.anew(0.1)
    assert never.endless
    assert not never.passed
