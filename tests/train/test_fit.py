"""Fitting: the same data give the same model, and the model that is written scores as the one that was fitted."""

from dataclasses import replace

import pytest
from made_failures import failure

from bestfix.core import Candidate
from bestfix.rank.calibration import calibrated
from bestfix.rank.features import ESTIMATE, VERSION
from bestfix.rank.model import ModelError, load_model
from bestfix.rank.selectors.learned import Learned

np = pytest.importorskip("numpy")
pytest.importorskip("lightgbm")
pytest.importorskip("sklearn")

from bestfix.train.fit import EVIDENCE, FITTERS, cross_validated, drawn, fit_odds, fit_trees, save_model, untried  # noqa: E402 - after the skips
from bestfix.train.fit_data import TARGETS, table_of  # noqa: E402
from bestfix.train.fit_figures import calibration_error, figures, probabilities  # noqa: E402


@pytest.fixture(scope="module")
def table():
    return table_of(failure(number) for number in range(200))


@pytest.fixture(scope="module", params=sorted(FITTERS))
def folder(request, table, tmp_path_factory):
    out = tmp_path_factory.mktemp(request.param)
    fitter = FITTERS[request.param]
    save_model(out, table, fitter, {t: cross_validated(fitter, table, t) for t in TARGETS}, "the command")
    return out


def test_near_duplicates_are_never_in_two_parts(table):
    parts = {}
    for number, subject in enumerate(table.subjects):
        parts.setdefault(number % 20, set()).add(subject.part)
    assert all(len(found) == 1 for found in parts.values())
    assert len(set(table.parts.tolist())) > 1


def test_advice_and_what_nothing_tells_of_is_left_out():
    record = failure(1)
    first, *others = record.candidates
    advice = replace(first, candidate=Candidate.advice(record.report.failing, reason="run cell 3"))
    table = table_of([replace(record, candidates=(advice, *others))])
    assert len(table.x) == 3
    unknown = replace(record.labels[1], equals=None)
    table = table_of([replace(record, labels=(record.labels[0], unknown, *record.labels[2:]))])
    assert len(table.known("accept").x) == 3
    assert len(table.known("success").x) == 4


def test_the_right_candidate_is_found_by_what_running_says(table):
    scores = cross_validated(fit_trees, table, "accept")
    best = [start + int(np.argmax(scores[start:end])) for _, start, end in table.spans()]
    assert table.target["accept"][best].mean() > 0.95


def test_sums_are_drawn_to_the_estimate_where_few_failures_are_people_s_own(table):
    estimate = table.x[:, ESTIMATE]
    sums = np.zeros(len(estimate))
    share = EVIDENCE / (EVIDENCE + len(table.subjects))
    assert drawn(table, "accept", sums) == pytest.approx(share * estimate)
    assert drawn(table, "success", sums) == pytest.approx(sums)
    simulated = replace(table, subjects=tuple(replace(subject, own=False) for subject in table.subjects))
    assert drawn(simulated, "accept", sums) == pytest.approx(estimate)


def test_families_are_untried_where_people_s_own_failures_came_without_a_session(table):
    assert untried(table) == ()
    some = [replace(subject, tried=False) for subject in table.subjects]
    assert untried(replace(table, subjects=tuple(some))) == ("name",)
    one = replace(some[0], tried=True)
    assert untried(replace(table, subjects=(one, *some[1:]))) == ()
    assert untried(replace(table, subjects=(replace(one, own=False), *some[1:]))) == ("name",)


def test_a_model_that_knows_simulated_mistakes_alone_orders_as_the_estimate_does(table, tmp_path):
    simulated = replace(table, subjects=tuple(replace(subject, own=False) for subject in table.subjects))
    sums = {"accept": table.x[:, ESTIMATE], "success": np.zeros(len(table.x))}
    save_model(tmp_path, simulated, fit_trees, sums, "command")
    record = failure(5)
    scores = [s.accept for s in Learned.load(tmp_path)(record.report, record.candidates)]
    assert np.argsort(scores).tolist() == np.argsort(calibrated(record.candidates)).tolist()


def test_the_same_data_give_the_same_model(table):
    assert fit_trees(table, "accept").text == fit_trees(table, "accept").text


def test_a_written_model_scores_as_the_fitted_one(folder, table):
    model = load_model(folder)
    fitter = FITTERS["trees" if model.manifest.accept.file.endswith("txt") else "logistic"]
    rows = table.x[:9].tolist()
    assert model.accept.score(rows) == pytest.approx(fitter(table, "accept").scores(table.x[:9]).tolist())


def test_a_written_model_chooses(folder):
    record = failure(3, right=2)
    scores = Learned.load(folder)(record.report, record.candidates)
    assert max(range(4), key=lambda i: scores[i].accept) == 2
    assert all(0 < s.accept < 1 and 0 < s.success < 1 for s in scores)


def test_a_model_altered_or_made_for_other_features_is_refused(folder, tmp_path):
    for name, old, new in [
        ("manifest.json", f'"version": {VERSION}', '"version": 99'),
        ("accept.", "0", "1"),
        ("accept.", "", ""),
    ]:
        for file in folder.iterdir():
            text = file.read_text()
            if not old and file.name.startswith(name):
                (tmp_path / file.name).unlink()
            else:
                (tmp_path / file.name).write_text(text.replace(old, new, 1) if file.name.startswith(name) else text)
        with pytest.raises(ModelError):
            load_model(tmp_path)


def test_odds_of_a_family_are_drawn_to_those_of_its_language(table):
    scores = np.where(table.target["accept"] == 1, 1.0, -1.0)
    slope, bias = fit_odds(table, "accept", scores)
    assert slope["python"] > 0
    assert set(bias) == {"name"}


def test_probabilities_are_held_out_and_true(table):
    draw = np.random.default_rng(0)
    scores = draw.normal(size=len(table.x))
    truth = (draw.random(len(scores)) < 1 / (1 + np.exp(-scores))).astype(float)
    noisy = replace(table, target={"accept": truth, "success": truth})
    best = [start + int(np.argmax(scores[start:end])) for _, start, end in table.spans()]
    p = probabilities(noisy, "accept", scores, {})[best]
    assert calibration_error(p, truth[best]) < 0.12
    assert calibration_error(np.array([0.9, 0.9]), np.array([0.0, 0.0])) == pytest.approx(0.9)


def test_figures_tell_what_each_group_of_features_is_worth(table):
    found, _ = figures(table)
    assert found.selectors["oracle"].at_1[""] == 1.0
    assert found.selectors["trees"].at_1[""] > found.selectors["first"].at_1[""]
    assert found.ablations["without execution"].at_1[""] < found.selectors["trees"].at_1[""]
    assert max(found.importance, key=found.importance.get) in {"baseline", "grade", "outcome.ran_clean"}
