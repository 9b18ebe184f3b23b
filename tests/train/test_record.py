from bestfix.core import Candidate, Edit, ErrorInfo, Language, Outcome, Report, Scored, Source, Span, Verdict
from bestfix.train.record import Label, Labelled, read_shards, write_shard


def labelled(number=0):
    source = Source("<cell>", "pritn(1)")
    error = ErrorInfo(
        "NameError", "name 'pritn' is not defined", ("Exception",), Span(0, 5), 1, details={"name": "pritn"}
    )
    candidate = Candidate.edit(source, Edit(0, 5, "print"), reason="a typo", evidence={"similarity": 0.8})
    scored = Scored(candidate, Verdict(parses=True, outcome=Outcome.RAN_CLEAN), "print(1)", 0.5)
    label = Label(Outcome.RAN_CLEAN, equals=True, how="meaning")
    report = Report(Language.PYTHON, source, error)
    return Labelled(f"x/{number}", "x", "doctests", "runtime", ("print(1)",), ("typo",), report, (scored,), (label,))


def test_records_come_back_as_they_were(tmp_path):
    records = [labelled(n) for n in range(3)]
    (tmp_path / "some").mkdir()
    write_shard(tmp_path / "some" / "00000.jsonl.gz", records[:2])
    write_shard(tmp_path / "some" / "00001.jsonl.gz", records[2:])
    assert list(read_shards(Labelled, tmp_path)) == records


def test_same_records_same_bytes(tmp_path):
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        write_shard(tmp_path / name, [labelled()])
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()
