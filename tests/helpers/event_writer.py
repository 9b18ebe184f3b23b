"""A process that writes events until it is killed: `python event_writer.py ADDRESS NAME COUNT`.

After each flush it prints how many failures are in the database for certain.
"""

import sys

from bestfix.config import Log, Settings
from bestfix.core import Action, Decision
from bestfix.recording import Recorder

BATCH = 20
"""Actions between two flushes."""


def main(url: str, name: str, count: int) -> None:
    """Write `count` failures with one action each."""
    settings = Settings(
        log=Log(url=url if url.startswith("postgresql") else "", path="" if url.startswith("p") else url)
    )
    recorder = Recorder.of(settings, surface=name)
    for number in range(1, count + 1):
        recorder.action(recorder.failure(Decision(None, "no fix was found")), Action.IGNORED)
        if number % BATCH == 0 and recorder.writer.flush(60):
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
