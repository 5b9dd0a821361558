#!/bin/sh
# Make the virtual environment and install the pinned packages: with uv where it is there, else with pip.
# usage: setup.sh VENV run|test
set -eu
venv=$1
set_of=$2
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "fairdue needs Python 3.11 or newer; $("$python" --version) was found. Set PYTHON=/path/to/python3.11." >&2
  exit 1
}
if [ ! -x "$venv/bin/python" ]; then
  "$python" -m venv "$venv" 2>/dev/null || {
    echo "Python's venv module is missing: run 'apt install python3-venv' and try again." >&2
    exit 1
  }
fi
echo "Installing packages ($set_of) ..."
if command -v uv >/dev/null 2>&1; then
  uv pip install -q --python "$venv/bin/python" --require-hashes -r "requirements/$set_of.txt"
  uv pip install -q --python "$venv/bin/python" --no-deps -e .
else
  "$venv/bin/pip" install -q --disable-pip-version-check --require-hashes -r "requirements/$set_of.txt"
  "$venv/bin/pip" install -q --disable-pip-version-check --no-deps -e .
fi
touch "$venv/$set_of.stamp"
[ "$set_of" = test ] && touch "$venv/run.stamp"
exit 0
