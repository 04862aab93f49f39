#!/bin/sh
# Recompiles the two lock files (versions and hashes, no index address). Needs `uv` on the PATH.
set -eu
cd "$(dirname "$0")/.."
compile() { uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet "$@"; }
printf 'hatchling>=1.27\neditables\n' > requirements/build.in
# dev first: run is then pinned to the same versions, so that what is tested is what is shipped
compile pyproject.toml requirements/build.in --group dev -o requirements/dev.txt
compile pyproject.toml requirements/build.in -c requirements/dev.txt -o requirements/run.txt
