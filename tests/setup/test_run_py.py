"""run.py: the bootstrap that any Python 3 must be able to read."""

import ast
import os
import signal
import subprocess
import sys
import time

import pytest
from setup_helpers import ROOT

RUN = ROOT / "run.py"


def bootstrap(code, cache):
    """Run a piece of Python with run.py's names at hand."""
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import run; from pathlib import Path; {code}"
    return [sys.executable, "-B", "-c", program], {**os.environ, "HUIYIN_CACHE": str(cache)}


def test_can_be_read_by_an_old_python():
    ast.parse(RUN.read_text(), feature_version=(3, 6))


def test_tells_an_old_python_in_one_sentence():
    old = f"import sys; sys.version_info = (3, 9, 2); exec(open({str(RUN)!r}).read())"
    done = subprocess.run([sys.executable, "-c", old], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "3.11" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_needs_nothing_but_the_standard_library():
    tree = ast.parse(RUN.read_text())
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def test_refuses_a_cache_that_cannot_be_written():
    command, environment = bootstrap("sys.exit(run.main(['manage', 'check']))", "/proc/huiyin")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "HUIYIN_CACHE" in done.stderr
    assert "Traceback" not in done.stderr


def test_is_all_that_ci_calls():
    calls = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if "run.py" in line]
    assert calls == ["exec python3 run.py test"]


@pytest.mark.long
def test_environment_whose_making_was_killed_is_made_again(tmp_path):
    (tmp_path / "some.lock").write_text("")
    code = f"print(run.ready_python(Path({str(tmp_path / 'some.lock')!r})))"
    command, environment = bootstrap(code, tmp_path / "cache")
    first = subprocess.Popen(command, env=environment)
    while not list(tmp_path.glob("cache/venv-*.build-*/bin")):
        time.sleep(0.01)
    first.send_signal(signal.SIGKILL)
    first.wait()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    python = done.stdout.splitlines()[-1]
    assert subprocess.run([python, "-c", ""], check=False).returncode == 0
    assert len(list(tmp_path.glob("cache/venv-*.build-*"))) == 1
