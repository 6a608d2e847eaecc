"""The database cluster on disk: made in a new folder, then renamed, so an interruption breaks nothing."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from huiyin.config import account, binaries
from huiyin.config.refusal import CannotStart

HOME = "postgres"
STAMP = ".postgres-set-up"
SUPERUSER = "postgres"
ROLE = DATABASE = "huiyin"
EXTENSIONS = ("pg_trgm", "btree_gist")
# Raise it when `set_up` does more than before: it runs again on every cluster that carries a smaller number.
SET_UP = "1"
LOCALE = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8")
TUNING = (
    "shared_buffers=128MB",
    "max_connections=60",
    "jit=off",
    "fsync=on",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_line_prefix=%m [%p] ",
    "lc_messages=C",
)


def refuse_other_major(home: Path) -> None:
    """:raises CannotStart: if another major version of PostgreSQL made this cluster"""
    try:
        found = (home / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return
    if found != binaries.major():
        raise CannotStart(
            f"数据目录 {home} 由 PostgreSQL {found} 建立，本版本使用 {binaries.major()}："
            f"请用原版本的回音备份（manage backup），再恢复到新的数据目录"
            "（--data 新目录 --empty manage restore）；见 docs/operating.md。",
            f"This data directory was made by PostgreSQL {found}, this release has {binaries.major()}: "
            "back it up with the release that made it (manage backup) and restore it into a new one "
            "(--data NEW --empty manage restore); see docs/operating.md.",
        )


def make(home: Path, programs: Path, user: pwd.struct_passwd, *, durable: bool, alive: int) -> None:
    """
    Make the cluster, unless it is there; an initdb that outlives us is known by the lock `alive`.

    :raises CannotStart: if initdb fails, with its last words
    """
    for left_over in home.parent.glob(f".{home.name}.new-*"):
        shutil.rmtree(left_over)
    if home.exists():
        return
    fresh = home.with_name(f".{home.name}.new-{os.getpid()}")
    fresh.mkdir(mode=0o700)
    os.chown(fresh, user.pw_uid, user.pw_gid)
    command = [programs / "initdb", "-D", fresh, "-U", SUPERUSER, "--auth=peer", *LOCALE]
    command += [f"--set={setting}" for setting in TUNING] + ([] if durable else ["--no-sync"])
    try:
        done = subprocess.run(  # noqa: S603
            command,
            cwd=fresh,
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=False,
            umask=0o077,
            pass_fds=[alive],
            **account.switch(user),
        )
    except OSError as error:
        raise unreachable(fresh, user, error) from error
    if done.returncode != 0:
        why = " ".join((done.stderr.strip() or done.stdout.strip()).splitlines()[-2:])
        raise CannotStart(f"无法建立数据库目录 {home}：{why}", f"initdb failed: {why}")
    fresh.rename(home)


def write_access_rules(data: Path, user: pwd.struct_passwd) -> tuple[Path, Path]:
    """
    Let in, by the kernel's word for who they are: PostgreSQL's own account and the one who started us.

    The files stand outside the cluster, whose account must not be able to lead root's pen elsewhere.
    """
    people = {user.pw_name, pwd.getpwuid(os.geteuid()).pw_name}
    idents = [f'{DATABASE} "{name}" {role}' for name in sorted(people) for role in (ROLE, SUPERUSER)]
    _write(data / "pg_hba.conf", f"local all all peer map={DATABASE}\n")
    _write(data / "pg_ident.conf", "".join(f"{line}\n" for line in idents))
    return data / "pg_hba.conf", data / "pg_ident.conf"


def is_set_up(data: Path) -> bool:
    try:
        return (data / STAMP).read_text() == _stamp(data)
    except FileNotFoundError:
        return False


def set_up(data: Path, sockets: Path) -> None:
    """Make the application's role, its database and the extensions; safe to run again."""
    with connect(sockets, SUPERUSER, "template1") as template:
        _add_extensions(template)
        if not template.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            role = "CREATE ROLE {} LOGIN CREATEDB NOSUPERUSER"
            template.execute(sql.SQL(role).format(sql.Identifier(ROLE)))
        exists = template.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
    # The new database is a copy of template1, and nobody may be connected to that meanwhile.
    with connect(sockets, SUPERUSER, "postgres") as server:
        if not exists:
            make_database = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template1")
            server.execute(make_database.format(sql.Identifier(DATABASE), sql.Identifier(ROLE)))
    with connect(sockets, SUPERUSER, DATABASE) as database:
        _add_extensions(database)
    _write(data / STAMP, _stamp(data))


def connect(sockets: Path, role: str, database: str) -> psycopg.Connection[tuple[object, ...]]:
    """
    Open a real connection: the only proof that the server lives.

    :raises psycopg.OperationalError: if there is no server or it is not ready
    """
    return psycopg.connect(
        host=str(sockets), port=5432, user=role, dbname=database, autocommit=True, connect_timeout=5
    )


def clean_environment() -> dict[str, str]:
    # PGDATA, PGPORT and their like would change what our own arguments say.
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _add_extensions(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    for name in EXTENSIONS:
        connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))


def _stamp(data: Path) -> str:
    # pg_control begins with the cluster's own number: the stamp of a cluster since replaced does not count.
    control = (data / HOME / "global" / "pg_control").read_bytes()
    return f"{SET_UP} {control[:8].hex()}\n"


def _write(path: Path, text: str) -> None:
    if path.exists() and path.read_text() == text:
        return
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(text)
    fresh.chmod(0o644)
    fresh.rename(path)


def unreachable(folder: Path, user: pwd.struct_passwd, error: OSError) -> CannotStart:
    return CannotStart(
        f"账户 {user.pw_name} 无法进入 {folder.parent}（{error.strerror}），请用 --data 指定它能到达的目录，"
        "例如 /var/lib 下的目录。",
        f"The account {user.pw_name} cannot reach it ({error.strerror}); use --data.",
    )
