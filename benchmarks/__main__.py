"""`make bench`, or `make bench ARGS="client drain"`: runs the benchmarks named, or all of them."""

import importlib
import subprocess
import sys

from benchmarks.report import show

ALL = ("client", "simulator", "rest", "drain", "life", "checks", "idle", "directory", "search", "receptions", "drawing")


def main() -> int:
    """Runs what the command line names."""
    names = sys.argv[1:] or list(ALL)
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; the benchmarks are: {', '.join(ALL)}", file=sys.stderr)
        return 2
    if len(names) > 1:  # each in a process of its own: a peak of memory is told of the one that made it
        alone = [subprocess.run([sys.executable, "-m", "benchmarks", name], check=False) for name in names]
        return int(any(one.returncode for one in alone))
    show(names[0], importlib.import_module(f"benchmarks.{names[0]}").run())
    return 0


if __name__ == "__main__":
    sys.exit(main())
