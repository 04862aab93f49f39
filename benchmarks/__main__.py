"""`make bench`, or `make bench ARGS="client drain"`: runs the benchmarks named, or all of them."""

import importlib
import sys

from benchmarks.report import show

ALL = ("client", "simulator", "rest", "drain", "life", "checks", "idle", "directory", "search", "receptions")


def main() -> int:
    """Runs what the command line names."""
    names = sys.argv[1:] or list(ALL)
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; the benchmarks are: {', '.join(ALL)}", file=sys.stderr)
        return 2
    for name in names:
        show(name, importlib.import_module(f"benchmarks.{name}").run())
    return 0


if __name__ == "__main__":
    sys.exit(main())
