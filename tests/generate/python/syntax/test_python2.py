"""Python 2 in a Python 3 session."""

import pytest

CASES = [
    ('print "total:", total', 'print("total:", total)'),
    ('print >>log, "done"\nprint "x"', 'print("done", file=log)\nprint("x")'),
    ('print "%d items" % n,', 'print("%d items" % n, end=" ")'),
    ('for x in y: print x\nif x: print "last" ; print x', 'for x in y: print(x)\nif x: print("last") ; print(x)'),
    ('def f():\n    print\n    print "a"', 'def f():\n    print()\n    print("a")'),
    ('print ("a"), b\nprint c', 'print(("a"), b)\nprint(c)'),
    ("print good morning", 'print("good morning")'),
    ('exec "x = 1" in space', 'exec("x = 1", space)'),
    ("try:\n    run()\nexcept OSError, e:\n    raise", "try:\n    run()\nexcept OSError as e:\n    raise"),
    (
        "try:\n    run()\nexcept OSError, KeyError:\n    raise",
        "try:\n    run()\nexcept (OSError, KeyError):\n    raise",
    ),
    (
        "try:\n    run()\nexcept (OSError, KeyError), e:\n    raise",
        "try:\n    run()\nexcept (OSError, KeyError) as e:\n    raise",
    ),
    ('raise ValueError, "negative"', 'raise ValueError("negative")'),
    ('raise ValueError, "negative", trace', 'raise ValueError("negative").with_traceback(trace)'),
    ('s = `n` + "!"', 's = repr(n) + "!"'),
    ("os.chmod(path, 0755)", "os.chmod(path, 0o755)"),
    ("day = date(2023, 04, 09)", "day = date(2023, 4, 9)"),
    ("big = 10L + 0xFFL", "big = 10 + 0xFF"),
    ('pattern = ur"a+"', 'pattern = r"a+"'),
    ("order = sorted(pairs, key=lambda (name, age): age)", "order = sorted(pairs, key=lambda name_age: name_age[1])"),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "python2")[0] == fixed


def test_a_print_that_is_a_call_is_left_alone(mended):
    assert mended('print("a")\nprint "b"', "python2")[0] == 'print("a")\nprint("b")'
