"""Revisions as git objects in a bare repository: nothing of a pull request is ever checked out."""

import base64
import os
import re
import subprocess
import urllib.parse

TRUNK = "refs/gate/trunk"
HEAD = "refs/gate/head"
COMMIT = re.compile(r"[0-9a-f]{40}\Z")
BRANCH = re.compile(r"[A-Za-z0-9._][A-Za-z0-9._/+-]*\Z")
SECONDS = 300


class Unfetched(Exception):
    """The revisions cannot be had, or are not the ones that were asked for."""


def _environment(url):
    scheme = urllib.parse.urlsplit(url).scheme
    settings = {
        "core.hooksPath": "/dev/null",
        "fetch.recurseSubmodules": "false",
        "gc.auto": "0",
        "maintenance.auto": "false",
        "protocol.allow": "never",
        f"protocol.{scheme}.allow": "always",
    }
    if token := os.environ.get("GH_TOKEN"):
        # In the environment, not among the arguments, which every process can read.
        words = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        settings[f"http.{url}.extraheader"] = f"AUTHORIZATION: basic {words}"
    clean = {
        "PATH": os.environ["PATH"],
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_COUNT": str(len(settings)),
    }
    for number, (key, value) in enumerate(settings.items()):
        clean |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return clean


class Objects:
    """A bare repository with the default branch and one head."""

    def __init__(self, folder, url):
        self.folder = folder
        self._url = url
        self._environment = _environment(url)

    def _git(self, *arguments):
        command = ["git", f"--git-dir={self.folder}", *arguments]
        try:
            done = subprocess.run(
                command, env=self._environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS
            )
        except subprocess.TimeoutExpired as error:
            raise Unfetched(f"git took more than {SECONDS} seconds") from error
        if done.returncode:
            words = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
            raise Unfetched(f"git failed: {''.join(words)}")
        return done.stdout

    def _fetch(self, source, target, *options):
        self._git(*options, "fetch", "--quiet", "--no-tags", self._url, f"+{source}:{target}")

    def fetch(self, trunk, source, head):
        """Fetches the default branch and a head, which must be the expected commit."""
        for name in (trunk, source):
            if not BRANCH.match(name) or ".." in name:
                raise Unfetched("a branch has a name that is not taken")
        self._git("init", "--quiet", "--template=", "--bare", self.folder)
        self._fetch(f"refs/heads/{trunk}", TRUNK)
        # What is new here comes from a stranger: every object is checked.
        self._fetch(source, HEAD, "-c", "fetch.fsckObjects=true")
        if (found := self.commit(HEAD)) != head:
            raise Unfetched(f"the head is {found[:12]} and not {head[:12]} any more")

    def commit(self, revision):
        return self._git("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").decode().strip()

    def holds(self, commit, revision):
        """Ensures that a commit is part of the history of a revision."""
        if not COMMIT.match(commit):
            raise Unfetched("the base is no commit")
        self._git("merge-base", "--is-ancestor", commit, revision)

    def file(self, revision, path):
        return self._git("cat-file", "blob", f"{revision}:{path}")
