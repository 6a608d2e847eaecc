"""
`python3 run.py test`: every check and test, one named stage after the other, each with its time and budget.

A failed stage does not stop the ones after it. The last line counts the tests of all pytest stages.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from huiyin.config import embedded, interrupts, locks, paths, refusal
from huiyin.config.datadir import Kind
from huiyin.config.refusal import say

ROOT = Path(__file__).resolve().parents[1]
SLOTS = 16
# More workers than this wait for the one database server.
MOST_WORKERS = 4
# A stage that takes this many times its budget hangs.
PATIENCE = 4
NO_TESTS_COLLECTED = 5
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
KEPT = ("HUIYIN_CACHE", "HUIYIN_ACCOUNT", "HUIYIN_REQUIRE_BROWSER", "HUIYIN_CHROMIUM")


@dataclass
class Stage:
    """One step of the run; `marks` is what pytest selects, None for a stage that is not pytest."""

    name: str
    budget: int
    command: list[str]
    marks: str | None = None


@dataclass
class Totals:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, other: "Totals") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped


@dataclass
class Run:
    totals: Totals = field(default_factory=Totals)
    failed: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def main(arguments: list[str]) -> int:
    """Run the stages and return 1 if any failed."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    interrupts.exit_on_kill()
    long = "--long" in arguments
    rest = [argument for argument in arguments if argument != "--long"]
    try:
        return refusal.refusing(lambda: run(long=long, rest=rest))
    except KeyboardInterrupt:
        return 130


def run(*, long: bool, rest: list[str]) -> int:
    """
    Run every stage on a scratch database.

    :raises CannotStart: if the scratch database cannot run
    """
    began = time.monotonic()
    result = Run()
    with scratch() as data, tempfile.TemporaryDirectory() as reports:
        stages = pytest_stages(long=long, rest=rest)
        if rest:
            say("指定了 pytest 参数，只运行测试。 / Arguments for pytest: only the tests are run.")
        else:
            stages = check_stages(data) + stages
        for stage in stages:
            run_stage(stage, Path(reports), result, selected=bool(rest))
    say(f"\n== 小结 / Summary, {time.monotonic() - began:.0f} s")
    for line in result.lines:
        say(line)
    if result.failed:
        say(f"未通过 / Failed: {', '.join(result.failed)}")
    totals = result.totals
    say(f"{totals.passed} passed, {totals.failed} failed, {totals.skipped} skipped")
    return 1 if result.failed else 0


@contextmanager
def scratch() -> Iterator[Path]:
    """Use a scratch data directory of this checkout, kept for the next; each run has its own."""
    os.environ.pop("DATABASE_URL", None)
    for name in [name for name in os.environ if name.startswith("HUIYIN_") and name not in KEPT]:
        del os.environ[name]
    base = paths.cache_dir() / "scratch" / sha256(os.fsencode(ROOT)).hexdigest()[:12]
    paths.make_folder(base)
    for number in range(SLOTS):
        slot = locks.FileLock(base / f"{number}.lock")
        if slot.try_exclusive():
            break
        slot.close()
    else:
        raise refusal.CannotStart(f"已有 {SLOTS} 个测试在运行。", f"{SLOTS} test runs are under way already.")
    os.environ["HUIYIN_DATA"] = str(base / str(number))
    try:
        embedded.open_data(new_as=Kind.SCRATCH, only=Kind.SCRATCH)
        with embedded.joined():
            yield base / str(number)
    finally:
        slot.close()


def check_stages(data: Path) -> list[Stage]:
    tool = str(Path(sys.executable).parent)
    caches = paths.cache_dir() / "tools"
    ruff = [f"{tool}/ruff", "--config", f"cache-dir='{caches / 'ruff'}'"]
    return [
        Stage("format", 10, [ruff[0], "format", "--check", *ruff[1:], "."]),
        Stage("lint", 10, [ruff[0], "check", *ruff[1:], "."]),
        Stage("types", 60, [sys.executable, "-m", "mypy", "--cache-dir", str(caches / "mypy")]),
        Stage("imports", 15, [f"{tool}/lint-imports", "--cache-dir", str(caches / "imports")]),
        Stage("migrations", 15, [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
    ]


def pytest_stages(*, long: bool, rest: list[str]) -> list[Stage]:
    stages = [
        pytest_stage("tests", 900, "not browser and not long", rest),
        pytest_stage("browser", 900, "browser and not long", rest),
    ]
    if long:
        stages.append(pytest_stage("long", 1800, "long", rest))
    return stages


def pytest_stage(name: str, budget: int, marks: str, rest: list[str]) -> Stage:
    cache = paths.cache_dir() / "tools" / "pytest"
    # Each worker has a database of its own; one chosen test is quicker, and easier to follow, without any.
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    # What shares a costly fixture is one group, and stays with one worker.
    shared = ["-n", str(workers), "--dist", "loadgroup"] if workers > 1 and not rest else []
    command = [sys.executable, "-m", "pytest", "-o", f"cache_dir={cache}", "-m", marks, *shared, *rest]
    return Stage(name, budget, command, marks)


def run_stage(stage: Stage, reports: Path, result: Run, *, selected: bool) -> None:
    say(f"\n== {stage.name} (≤ {stage.budget} s)")
    began = time.monotonic()
    if stage.name == "browser" and not browser():
        word = "FAILED" if must_browse() else "SKIPPED"
        say("没有安装 Chromium，跳过浏览器测试。 / No Chromium is installed: the browser tests are skipped.")
    else:
        word = execute(stage, reports, result, selected=selected)
    took = time.monotonic() - began
    if word == "FAILED":
        result.failed.append(stage.name)
    late = "  超出预算 / over budget" if took > stage.budget else ""
    line = f"{stage.name:<11} {word:<8} {took:6.1f} s  (≤ {stage.budget} s){late}"
    result.lines.append(line)
    say(line)


def execute(stage: Stage, reports: Path, result: Run, *, selected: bool) -> str:
    """Run one stage and return OK, FAILED or SKIPPED."""
    report = reports / f"{stage.name}.xml"
    command = [*stage.command, f"--junitxml={report}"] if stage.marks else stage.command
    environment = {**os.environ, "HUIYIN_CHROMIUM": browser() or ""}
    try:
        status = subprocess.run(  # noqa: S603
            command, cwd=ROOT, env=environment, check=False, timeout=stage.budget * PATIENCE
        ).returncode
    except subprocess.TimeoutExpired:
        say(f"超过 {PATIENCE} 倍预算，已中止。 / Stopped after {PATIENCE} times its budget.")
        status = 1
    if not stage.marks:
        return "FAILED" if status else "OK"
    counted = count(report)
    if status == NO_TESTS_COLLECTED:
        say("没有可运行的测试。 / There are no tests for this stage.")
        # With arguments a stage may well have nothing to do; without, tests that vanish must be noticed.
        return "SKIPPED" if selected or not must_browse() else "FAILED"
    if status and not counted.failed:
        # pytest died before it could count: its failure must still show in the last line.
        counted.failed = 1
    result.totals.add(counted)
    if stage.name == "browser" and must_browse() and counted.skipped:
        say("浏览器测试被跳过，而这里必须运行。 / Browser tests were skipped, and here they must run.")
        return "FAILED"
    return "FAILED" if status else "OK"


def count(report: Path) -> Totals:
    """Read pytest's own report."""
    if not report.exists():
        return Totals()
    found = Totals()
    for suite in ElementTree.parse(report).iter("testsuite"):  # noqa: S314  we have just had it written
        number = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
        failed = number["failures"] + number["errors"]
        found.add(Totals(number["tests"] - failed - number["skipped"], failed, number["skipped"]))
    return found


def browser() -> str | None:
    """Return the installed Chromium that the browser tests use."""
    named = os.environ.get("HUIYIN_CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


def must_browse() -> bool:
    return os.environ.get("HUIYIN_REQUIRE_BROWSER") == "1"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
