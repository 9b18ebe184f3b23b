"""Labelling on a real cluster: the same files as on one machine, whatever happens to a worker."""

import pytest

from bestfix.train.build import Part, build
from bestfix.train.record import Broken, Labelled, read_shards
from bestfix.validate.sandbox import capabilities

pytest.importorskip("distributed")
from dask_cluster import dask_cluster

from bestfix.train.cluster import ClusterError, build_on, connected

pytestmark = [
    pytest.mark.skipif(not capabilities().full, reason="no confined children here"),
    pytest.mark.xdist_group("dask"),
]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dask")
    (folder / "ends_at_once.py").write_text("import os\nos._exit(3)\n")
    with dask_cluster(folder, workers=2) as found:
        yield found


def parts(out, count):
    """Parts with two programs that fail and one that does not."""
    return [
        Part(
            out / "made" / f"{number:05}.jsonl.gz",
            (
                Broken(f"a/{number}", "g", "tests", f"valeu * {number}", (f"value * {number}",), "value = 3\n"),
                Broken(f"b/{number}", "g", "tests", f"value.bit_lenght() - {number}", ("value",), "value = 3\n"),
                Broken(f"right/{number}", "g", "tests", "1 + 1", ("1 + 1",)),
            ),
        )
        for number in range(count)
    ]


def test_one_machine_and_a_cluster_that_loses_a_worker_write_the_same_and_each_label_once(cluster, tmp_path):
    told = []

    def progress(*counts):
        told.append(counts)
        if counts[0] == 1:
            cluster.workers[0].kill()

    build_on(cluster.address, parts(tmp_path / "many", 5), progress=progress)
    build(parts(tmp_path / "one", 5), jobs=1, progress=lambda *_: None)
    assert [done for done, _, _ in told] == list(range(6))
    ids = [failure.id for failure in read_shards(Labelled, tmp_path / "many")]
    assert ids == [f"{kind}/{number}" for number in range(5) for kind in "ab"]
    for part in parts(tmp_path / "one", 5):
        assert part.path.read_bytes() == (tmp_path / "many" / "made" / part.path.name).read_bytes()
    told.clear()
    build_on(cluster.address, parts(tmp_path / "many", 5), progress=progress)
    assert told == [(5, 5, 0)]


def test_what_cannot_be_labelled_is_named_and_the_rest_is_written(cluster, tmp_path):
    good, bad = parts(tmp_path, 2)
    broken = Part(bad.path, (Broken("x", "g", "tests", "import ends_at_once\nx", ("import ends_at_once",)),))
    with pytest.raises(ClusterError, match=r"1 of 2 parts were given up.*00001.*ended with 3"):
        build_on(cluster.address, [good, broken], progress=lambda *_: None)
    assert good.path.exists()
    assert not bad.path.exists()


def test_a_scheduler_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr("bestfix.train.cluster.PATIENCE", 0.2)
    with pytest.raises(ClusterError, match="no scheduler answers at tcp"), connected("tcp://127.0.0.1:9"):
        pass
    with pytest.raises(ClusterError, match="no scheduler answers at nonsense"), connected("nonsense:x"):
        pass
