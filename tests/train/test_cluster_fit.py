"""Trees fitted on a real cluster: the same kind of model as on one machine, and as good."""

from functools import partial

import numpy as np
import pytest

pytest.importorskip("lightgbm")
pytest.importorskip("distributed")
pytest.importorskip("dask.dataframe")
from dask_cluster import dask_cluster
from made_failures import failure

from bestfix.rank.model import load_model
from bestfix.train.cluster import ClusterError
from bestfix.train.cluster_fit import fit_on
from bestfix.train.fit import TreeOptions, cross_validated, fit_trees
from bestfix.train.fit_data import load_table
from bestfix.train.fit_figures import area
from bestfix.train.record import write_shard

FEW = TreeOptions(rounds=15, leaves=4, rate=0.2)
pytestmark = pytest.mark.xdist_group("dask")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    for number in range(30):
        write_shard(folder / f"{number:05}.jsonl.gz", [failure(10 * number + n) for n in range(10)])
    return folder


def test_a_cluster_fits_a_model_like_one_machine_s(data, tmp_path):
    with dask_cluster(tmp_path, workers=2) as cluster:
        manifest, table, sums = fit_on(cluster.address, [data], tmp_path / "trees", "the command", FEW)
        with pytest.raises(ClusterError, match="no failures"):
            fit_on(cluster.address, [tmp_path / "empty"], tmp_path / "none", "the command")
    model = load_model(tmp_path / "trees")
    assert model.manifest == manifest
    assert manifest.data == {"made": 300, "candidates": 1200}
    local = load_table([data])
    assert [s.id for s in table.subjects] == [s.id for s in local.subjects]
    alone = cross_validated(partial(fit_trees, options=FEW), local, "accept")
    right = local.target["accept"]
    assert area(sums, right) == pytest.approx(area(alone, right), abs=0.02)
    rows = local.x.tolist()
    assert np.corrcoef(model.accept.score(rows), fit_trees(local, "accept", FEW).scores(local.x))[0, 1] > 0.95
