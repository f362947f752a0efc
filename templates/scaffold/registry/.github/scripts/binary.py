"""The one binary that judges: pinned by digest in registry.toml, run with no rights and no token."""

import hashlib
import io
import os
import pathlib
import re
import subprocess
import tarfile
import tomllib
import urllib.parse
import urllib.request

LARGEST = 200 << 20
SECONDS = 600
LIMITS = [f"--as={8 << 30}", f"--fsize={2 << 30}", f"--cpu={2 * SECONDS}"]


class Unpinned(Exception):
    """There is no pinned binary, or what was downloaded is something else."""


def pin(registry):
    """Returns the address and digest in the table [gate] of a registry.toml."""
    try:
        gate = tomllib.loads(registry.decode()).get("gate")
    except ValueError as error:
        raise Unpinned(f"registry.toml on the default branch cannot be read: {error}") from error
    if not isinstance(gate, dict):
        raise Unpinned("registry.toml on the default branch has no [gate]: see .github/SETUP.md")
    url, digest = str(gate.get("url")), str(gate.get("sha256"))
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "https" and parts.hostname != "127.0.0.1":
        raise Unpinned("`url` of [gate] does not begin with https://")
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise Unpinned("`sha256` of [gate] is not 64 lower-case hexadecimal digits")
    return url, digest


def download(url, digest):
    """Returns the bytes at an address when they have the digest."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        content = answer.read(LARGEST + 1)
    found = hashlib.sha256(content).hexdigest()
    if len(content) > LARGEST or found != digest:
        raise Unpinned(f"the download has another digest than [gate]: expected {digest}, got {found}")
    return content


def executable(content):
    """Returns the program: the download itself, or the one file `shelfmark` of a .tar.gz."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
        named = [item for item in archive if item.isfile() and pathlib.PurePosixPath(item.name).name == "shelfmark"]
        if len(named) != 1 or named[0].size > LARGEST:
            raise Unpinned(f"the archive of [gate] holds {len(named)} files named `shelfmark`, not one")
        return archive.extractfile(named[0]).read()


def install(registry, target):
    """Puts the pinned binary at a path."""
    target.write_bytes(executable(download(*pin(registry))))
    target.chmod(0o755)


def run(program, arguments, state, output):
    """Runs the binary as nobody, with limits and a bare environment; returns its exit code and messages.

    It reads what strangers wrote. Whatever it does, it cannot read the token, nor write the files
    that the next steps read.
    """
    state.mkdir(exist_ok=True)
    state.chmod(0o777)
    user = os.environ.get("GATE_USER", "nobody")
    become = ["setpriv", f"--reuid={user}", "--regid=nogroup", "--clear-groups", "--no-new-privs", "--"]
    if not user:  # a machine of one's own without sudo; never in a workflow
        become = []
    elif os.geteuid() != 0:
        become = ["sudo", "--non-interactive", *become]
    bare = ["env", "--ignore-environment", "PATH=/usr/bin:/bin", f"HOME={state}", "LANG=C.UTF-8", "NO_COLOR=1"]
    limits = ["prlimit", *LIMITS, "timeout", "--kill-after=5", str(SECONDS)]
    command = [*become, *bare, *limits, str(program), *arguments, "--state", str(state)]
    with output.open("wb") as file:
        with (state / "messages.txt").open("w+b") as messages:
            done = subprocess.run(command, cwd=state, stdin=subprocess.DEVNULL, stdout=file, stderr=messages)
            messages.seek(0)
            return done.returncode, messages.read(10_000).decode(errors="replace")
