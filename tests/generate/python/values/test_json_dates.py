"""JSON and dates that are written in another way than they are read."""

import pytest

CASES = [
    (
        "datetime.strptime('2020-01-31', '%d/%m/%Y')",
        "datetime.strptime('2020-01-31', '%Y-%m-%d')",
        "from datetime import datetime",
    ),
    (
        "datetime.strptime('31/01/2020 10:20', '%d/%m/%Y')",
        "datetime.strptime('31/01/2020 10:20', '%d/%m/%Y %H:%M')",
        "from datetime import datetime",
    ),
    ("date.today() + 7", "date.today() + timedelta(days=7)", "from datetime import date, timedelta"),
    (
        "datetime.now() > '2020-01-01'",
        "datetime.now() > datetime.strptime('2020-01-01', \"%Y-%m-%d\")",
        "from datetime import datetime",
    ),
    ("json.loads(\"{'a': 1,}\")", "json.loads('{\"a\": 1}')", "import json"),
    ("json.loads(lines)", "[json.loads(line) for line in lines.splitlines()]", "import json\nlines = '1\\n2'"),
    ("json.loads({})", "{}", "import json"),
    ("json.load('{}')", "json.loads('{}')", "import json"),
    ("json.dumps({1, 2})", "json.dumps(list({1, 2}))", "import json"),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "json_dates", setup=setup)[0] == fixed
