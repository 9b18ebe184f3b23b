"""Off-policy estimates beside the truth of a simulation, in which every choice can be tried."""

import pytest

np = pytest.importorskip("numpy")

from bestfix.train.off_policy import Decisions, value  # noqa: E402 - after the skip

ARMS = 3


def simulated(seed, users=300, each=20, *, explore=0.3, predict="well"):
    """Decisions of a policy that shows the first arm but for its lot, and the true value of one that picks the best."""
    draw = np.random.default_rng(seed)
    n = users * each
    user = np.repeat(np.arange(users), each)
    lean = draw.normal(0, 0.05, users)[user]
    truth = np.clip(draw.beta(2, 3, (n, ARMS)) + lean[:, None], 0, 1)
    chances = np.full((n, ARMS), explore / ARMS) + np.eye(ARMS)[0] * (1 - explore)
    shown = np.array([draw.choice(ARMS, p=p) for p in chances])
    rows = np.arange(n)
    reward = (draw.random(n) < truth[rows, shown]).astype(float)
    target = truth.argmax(1)
    model = truth if predict == "well" else draw.random((n, ARMS))
    decisions = Decisions(
        reward, chances[rows, shown], (shown == target).astype(float), model[rows, shown], model[rows, target], user,
        np.ones(n, bool),
    )  # fmt: skip
    return decisions, float(truth[rows, target].mean())


@pytest.mark.parametrize("predict", ["well", "badly"])
def test_every_estimate_is_near_the_truth_and_its_interval_holds_it_as_often_as_it_says(predict):
    held = np.zeros(3)
    for seed in range(40):
        decisions, truth = simulated(seed, users=120, each=10, predict=predict)
        found = value(decisions)
        for number, estimate in enumerate((found.ips, found.snips, found.dr)):
            assert estimate.mean == pytest.approx(truth, abs=0.15)
            held[number] += estimate.low <= truth <= estimate.high
    assert (held >= 33).all()


def test_the_naive_mean_is_wrong_where_the_estimates_are_right():
    decisions, truth = simulated(1)
    found = value(decisions)
    assert abs(decisions.reward.mean() - truth) > 0.1
    assert abs(found.dr.mean - truth) < 0.03
    assert abs(found.snips.mean - truth) < 0.06


def test_a_good_prediction_makes_the_interval_narrow():
    found = value(simulated(2)[0])
    assert found.dr.high - found.dr.low < 0.7 * (found.ips.high - found.ips.low)


def test_the_policy_that_made_the_decisions_has_their_mean_and_their_size():
    decisions, _ = simulated(3, explore=0.0)
    own = Decisions(
        decisions.reward, np.ones(len(decisions.reward)), np.ones(len(decisions.reward)), decisions.predicted,
        decisions.predicted, decisions.user, decisions.supported,
    )  # fmt: skip
    found = value(own)
    assert found.ips.mean == found.snips.mean == pytest.approx(decisions.reward.mean())
    assert found.size == pytest.approx(len(decisions.reward))


def test_what_could_not_have_been_shown_is_told():
    decisions, _ = simulated(4)
    some = np.arange(len(decisions.reward)) % 2 == 0
    found = value(
        Decisions(
            decisions.reward,
            decisions.propensity,
            decisions.agrees,
            decisions.predicted,
            decisions.expected,
            decisions.user,
            some,
        )
    )
    assert found.support == pytest.approx(0.5)
    assert np.isnan(value(Decisions(*(np.zeros(0),) * 5, np.zeros(0, int), np.zeros(0, bool))).ips.mean)
