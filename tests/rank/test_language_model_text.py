"""What the encoder reads of a candidate."""

from bestfix.core import Candidate, Edit, ErrorInfo, Language, Patch, Report, Scored, Source, Span, Verdict
from bestfix.rank.selectors.language_model import pair

CODE = "for i in range(3):\n    print(totl)\n"
ERROR = ErrorInfo("NameError", "name 'totl' is not defined", ("Exception",), Span(29, 33), 2)
REPORT = Report(Language.PYTHON, Source("<cell>", CODE), ERROR)


def test_it_reads_the_error_the_failing_line_and_the_change():
    candidate = Candidate(Patch("<cell>", (Edit(29, 33, "total"),)), "because")
    failed, change = pair(REPORT, Scored(candidate, Verdict(), candidate.patch.apply(CODE)))
    assert failed == "name NameError: name 'totl' is not defined in print(totl)"
    assert change == "> print(totl) becomes > print(total)"
