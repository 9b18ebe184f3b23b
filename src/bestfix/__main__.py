"""`python -m bestfix` is `bestfix`."""

from bestfix.surfaces.cli import main

main()
