"""
The account that PostgreSQL runs under.

PostgreSQL refuses to run as root. For root we make a system account of our own, `huiyin`: `nobody` is
shared with whatever else runs as it, and `postgres` belongs to a system PostgreSQL, which could then read our
files and we its. HUIYIN_ACCOUNT names another one, where accounts are made by someone else.
"""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from huiyin.config import paths
from huiyin.config.refusal import CannotStart

DEFAULT = "huiyin"
NO_LOGIN = ("--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin")


def for_cluster(home: Path) -> pwd.struct_passwd:
    """
    Return the account that runs the PostgreSQL of `home`: its owner's if it exists, ours if we are not root.

    :raises CannotStart: if there is none and it cannot be made, or it is not ours to use
    """
    if home.exists():
        return _existing(home)
    if not paths.is_root():
        return _by_id(os.geteuid())
    name = os.environ.get("HUIYIN_ACCOUNT", DEFAULT)
    try:
        account = pwd.getpwnam(name)
    except KeyError:
        account = _make(name)
    return account


def switch(account: pwd.struct_passwd) -> dict[str, object]:
    """Return the arguments with which subprocess starts a process under this account."""
    if not paths.is_root():
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _existing(home: Path) -> pwd.struct_passwd:
    owner = home.stat().st_uid
    if owner == 0 or owner != os.geteuid() != 0:
        raise CannotStart(
            f"数据库目录 {home} 属于另一个用户（uid {owner}），请以该用户运行，或用 --data 指定另一个目录。",
            f"The database directory belongs to another user (uid {owner}); run as that user or use --data.",
        )
    return _by_id(owner)


def _by_id(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError as error:
        raise CannotStart(
            f"uid {uid} 在本机没有账户，PostgreSQL 无法运行；请建立账户，或设置 DATABASE_URL。",
            f"uid {uid} has no account on this machine, as PostgreSQL needs; make one or use DATABASE_URL.",
        ) from error


def _make(name: str) -> pwd.struct_passwd:
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
    tool = shutil.which("useradd", path=path)
    made = tool and subprocess.run(  # noqa: S603
        [tool, "--system", "--user-group", "--no-create-home", *NO_LOGIN, name],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return pwd.getpwnam(name)
    except KeyError as error:
        why = made.stderr.strip() if made else "useradd: not found"
        raise CannotStart(
            f"以 root 运行时 PostgreSQL 需要系统账户 {name}，但无法建立（{why}）；"
            "请建立它，或用普通用户运行。",
            f"As root, PostgreSQL needs the system account {name}, which could not be made; "
            "make it, or run as an ordinary user.",
        ) from error
