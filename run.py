#!/usr/bin/env python3
"""
回音 Huiyin: everything starts here. Needs Python 3.11 or newer with venv and pip, nothing else.

  python3 run.py [--port N] [--listen ADDR] [--data DIR] [--empty]   start the platform
  python3 run.py [--data DIR] manage COMMAND …                       any management command
  python3 run.py test [--long] [PYTEST ARGS]                         every check and test
  python3 run.py bench [--json] [--small]                            what things cost, as ratios of one run

--port N        8000 unless said
--listen ADDR   127.0.0.1 unless said
--data DIR      the data directory (~/.local/share/huiyin; for root /var/lib/huiyin)
--empty         a new data directory becomes a real one: no demo county, no demo accounts, now or ever
--long          the long test suites too

Builds a virtual environment from the lock file, outside this folder, and goes on inside it.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  the old Python that reads this line is the one it is for
    sentence = (
        "回音需要 Python 3.11 或更新版本，当前是 {0}.{1}。 / Huiyin needs Python 3.11 or newer, not {0}.{1}."
    )
    sys.stderr.write(sentence.format(*sys.version_info) + "\n")
    sys.exit(2)

import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
EXIT_REFUSED = 2


class CannotStart(Exception):
    """One clear sentence for the person at the keyboard."""


def main(arguments: list[str]) -> int:
    """Build the environment if needed and become the program inside it."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__.strip())
        return 0
    verb = arguments[0] if arguments[:1] in (["test"], ["bench"]) else ""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        python = ready_python(ROOT / ("requirements-dev.lock" if verb else "requirements.lock"))
    except CannotStart as refusal:
        print(refusal, file=sys.stderr)
        return EXIT_REFUSED
    except KeyboardInterrupt:
        return 130
    inside = {
        "test": [str(ROOT / ".ci" / "stages.py"), *arguments[1:]],
        "bench": ["-m", "tests.bench", *arguments[1:]],
    }.get(verb, ["-m", COMMAND, *arguments])
    # -P: a folder that happens to be called `django` where we were started must not be imported.
    os.execve(python, [str(python), "-P", *inside], environment())  # noqa: S606
    raise AssertionError("execve does not return")


COMMAND = "huiyin.config.command"


def environment() -> dict[str, str]:
    """Return the environment of the program: our source, and nothing written into the checkout."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
        "PYTHONPYCACHEPREFIX": str(cache_dir() / "pycache"),
        "HUIYIN_CACHE": str(cache_dir()),
        "DJANGO_SETTINGS_MODULE": "huiyin.config.settings",
    }


def cache_dir() -> Path:
    """Return where the environments live. Root's is under /var: PostgreSQL's account has to reach it."""
    named = os.environ.get("HUIYIN_CACHE")
    if named:
        return Path(named).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/cache/huiyin")
    xdg = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(xdg) if xdg.startswith("/") else Path.home() / ".cache") / "huiyin"


def ready_python(lock_file: Path) -> Path:
    """
    Return the Python of the environment that this lock file describes, built if it is not there.

    :raises CannotStart: if it cannot be built
    """
    key = hashlib.sha256(lock_file.read_bytes() + f"{sys.version}{sys.base_prefix}".encode()).hexdigest()[:16]
    home = cache_dir() / f"venv-{key}"
    if is_complete(home):
        return home / "bin" / "python"
    if importlib.util.find_spec("ensurepip") is None:
        raise CannotStart(
            "这个 Python 缺少 venv，请先安装（Debian：apt install python3-venv）。 / "
            "This Python lacks venv; install it first (Debian: apt install python3-venv)."
        )
    try:
        with lock(home.with_suffix(".lock")):
            # Another start may have built it while we waited.
            if not is_complete(home):
                build(home, lock_file)
    except OSError as error:
        raise CannotStart(
            f"缓存目录 {cache_dir()} 不能写入（{error.strerror}），请用 HUIYIN_CACHE 指定另一个目录。 / "
            f"The cache folder cannot be written ({error.strerror}); name another one in HUIYIN_CACHE."
        ) from error
    return home / "bin" / "python"


def is_complete(home: Path) -> bool:
    return (home / "complete").exists() and (home / "bin" / "python").exists()


def build(home: Path, lock_file: Path) -> None:
    """
    Build the environment under a name of its own and then give it its name.

    The name is a link: a virtual environment knows its own path, so the folder itself must never be renamed.

    :raises CannotStart: if pip fails
    """
    print("首次运行，正在准备环境…… / First run: preparing the environment…", flush=True)
    for left_over in home.parent.glob(f"{home.name}.build-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    fresh = home.with_name(f"{home.name}.build-{os.getpid()}")
    # Whatever root's umask is, PostgreSQL's account must be able to read the programs.
    os.umask(0o022)
    try:
        install(fresh, lock_file)
        (fresh / "complete").touch()
        link = home.with_name(f"{home.name}.link-{os.getpid()}")
        link.symlink_to(fresh.name)
        link.replace(home)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def install(fresh: Path, lock_file: Path) -> None:
    quiet = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PIP_TARGET", "PIP_PREFIX", "PYTHONPATH", "PYTHONHOME")
    }
    quiet.update(PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1")
    pip = [str(fresh / "bin" / "python"), "-m", "pip", "install", "-qq", "--no-compile"]
    for command in (
        [sys.executable, "-m", "venv", str(fresh)],
        [*pip, "--require-hashes", "--no-deps", "-r", str(lock_file)],
    ):
        done = subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            raise CannotStart(
                "环境没有建成，原因见上面的输出；请检查网络或 pip 的源后再运行一次。 / "
                "The environment could not be built, see above; check the network or pip's index."
            )


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Let one start at a time build; the kernel frees the lock of one that was killed."""
    for folder in reversed([path.parent, *path.parent.parents]):
        if not folder.exists():
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
