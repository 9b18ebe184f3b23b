"""The moments of users' sums, day by day, are those that numpy computes from each user's own sums."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bestfix.experiment.sums import COLUMNS, PRIOR, UserDays, daily

WIDTH = len(COLUMNS) + len(PRIOR)


@st.composite
def user_days(draw):
    seed = draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed)
    users, days = draw(st.integers(4, 30)), draw(st.integers(1, 6))
    seen = rng.random((users, days)) < 0.5
    seen[:, 0] |= ~seen.any(axis=1)
    arms = np.arange(users) % 2
    user, day = np.nonzero(seen)
    values = rng.integers(0, 9, (len(user), WIDTH)).astype(float)
    return UserDays(("a", "b"), user, arms[user], day, values)


@settings(max_examples=40, deadline=None)
@given(user_days())
def test_moments_are_those_of_the_users_sums(rows):
    for arm, known in enumerate(daily(rows)):
        for day in range(len(known.counts)):
            until = (rows.arm == arm) & (rows.day <= day)
            sums = np.array([rows.values[until & (rows.user == u)].sum(axis=0) for u in np.unique(rows.user[until])])
            assert known.counts[day] == len(sums)
            if len(sums) < 2:
                continue
            moments = known.at(day)
            np.testing.assert_allclose(moments.mean, sums.mean(axis=0))
            np.testing.assert_allclose(moments.covariance, np.cov(sums.T), atol=1e-8)


def test_nobody_has_no_days():
    nobody = np.empty(0, dtype=np.int64)
    a, b = daily(UserDays(("a", "b"), nobody, nobody, nobody, np.empty((0, WIDTH))))
    assert len(a.counts) == len(b.counts) == 0
