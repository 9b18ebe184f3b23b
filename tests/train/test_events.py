"""Events as tables: what is read, what is left out, and what must not be learned from."""

import dataclasses
import math
from datetime import timedelta

import numpy as np
import pytest

pytest.importorskip("pyarrow")
pytest.importorskip("sqlalchemy")
from simulated_events import CANDIDATES, WANTED, World

from bestfix.rank.features import FEATURES
from bestfix.train.events import CAP, EventsError, exported, load_events, logged
from bestfix.train.split import LATEST, LeakError, check, split


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return World(users=20, each=15, explore=0.2).export(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def events(folder):
    return load_events(folder)


def test_episodes_are_in_the_order_of_time_with_what_became_of_them(events):
    assert len(events.episodes) == 300
    assert events.left_out == {}
    times = [e.at for e in events.episodes]
    assert times == sorted(times)
    assert all(e.until > e.at and list(e.fates) == [e.first] for e in events.episodes)
    assert {fate.kept for e in events.episodes for fate in e.fates.values()} == {0.0, 1.0}


def test_rows_are_what_was_recorded_and_what_is_shown_seldom_counts_more(events):
    seen = logged(events, events.episodes, every=False)
    assert len(seen.table.x) == 300
    assert seen.first.all()
    often = seen.propensity > 0.5
    known = [e.fates[e.first].weight for e in seen.episodes]
    weights = seen.table.weight / np.array(known)[seen.table.failure]
    assert weights[often] == pytest.approx(1 / 0.8)
    assert weights[~often] == pytest.approx(min(1 / 0.1, CAP))
    every = logged(events, events.episodes, every=True)
    assert len(every.table.x) == 300 * CANDIDATES
    assert np.isnan(every.table.target["accept"]).sum() == 300 * (CANDIDATES - 1)
    wanted = every.table.x[every.first, WANTED]
    assert np.corrcoef(wanted, every.table.target["accept"][every.first])[0, 1] > 0.3


def test_a_store_is_read_like_its_export(folder, events):
    with exported(str(folder.parent / "events.db")) as found:
        assert load_events(found).episodes == events.episodes
    with pytest.raises(EventsError, match="no events at"), exported(str(folder / "nothing.db")):
        pass
    with pytest.raises(EventsError, match=r"no failures.parquet"), exported(str(folder.parent)):
        pass


def test_what_another_version_recorded_is_counted_and_left_out(folder, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    for name in ("candidates", "actions", "failures"):
        table = pq.read_table(folder / f"{name}.parquet")
        if name == "failures":
            sets = ["0-old"] * 10 + table["feature_set"].to_pylist()[10:]
            table = table.set_column(table.schema.get_field_index("feature_set"), "feature_set", pa.array(sets))
        if name == "actions":
            table = table.slice(3)
        pq.write_table(table, tmp_path / f"{name}.parquet")
    found = load_events(tmp_path)
    assert found.left_out["recorded with other features"] >= 9
    assert len(found.episodes) + sum(found.left_out.values()) == 300
    column = f"feature.{FEATURES[0].name}"
    pq.write_table(pq.read_table(tmp_path / "candidates.parquet").drop([column]), tmp_path / "candidates.parquet")
    with pytest.raises(EventsError, match="lack the feature"):
        load_events(tmp_path)
    (tmp_path / "failures.parquet").write_bytes(b"no Parquet")
    with pytest.raises(EventsError, match="no export of events"):
        load_events(tmp_path)


def test_the_latest_and_whole_users_are_held_out_and_nothing_passes(events):
    parts = split(events.episodes)
    assert len(parts.held) > LATEST * 300
    assert max(e.until for e in parts.learned) < parts.cut
    apart = {e.user for e in parts.held if e.at < parts.cut}
    assert apart
    assert not apart & {e.user for e in parts.learned}
    assert len(parts.learned) + len(parts.held) + parts.dropped == 300
    check(parts, logged(events, parts.learned, every=False).table)


def test_code_that_fails_again_later_and_outcomes_that_come_late_are_not_learned_from(events):
    episodes = list(events.episodes)
    parts = split(episodes)
    first, late = parts.learned[0], parts.held[-1]
    second = parts.learned[1]
    episodes[episodes.index(late)] = dataclasses.replace(late, group=first.group)
    episodes[episodes.index(second)] = dataclasses.replace(second, until=parts.cut + timedelta(days=1))
    again = split(episodes)
    assert again.dropped == parts.dropped + 2
    assert {first.id, second.id} & {e.id for e in again.learned} == set()


def test_leaks_are_refused_and_named(events):
    parts = split(events.episodes)
    table = logged(events, parts.learned, every=False).table
    one, held = parts.learned[0], parts.held[0]
    for learned, said in [
        ((*parts.learned, dataclasses.replace(one, group=held.group)), "texts of code are both"),
        ((*parts.learned, dataclasses.replace(held, group="x", until=one.until)), "failures are both"),
        ((dataclasses.replace(one, until=parts.cut), *parts.learned[1:]), "outcome came after"),
    ]:
        with pytest.raises(LeakError, match=said):
            check(dataclasses.replace(parts, learned=learned), table)
    for values in (table.target["accept"], np.where(table.target["accept"] == 1, math.nan, 0.0)):
        x = table.x.copy()
        x[:, 7] = values
        with pytest.raises(LeakError, match=f"'{FEATURES[7].name}' alone tells"):
            check(parts, dataclasses.replace(table, x=x))


def test_too_few_events_are_refused(events):
    with pytest.raises(EventsError, match="too few"):
        split(events.episodes[:3])
