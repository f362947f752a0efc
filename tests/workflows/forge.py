"""A git repository and an API that answer like GitHub's, on loopback, for the tests of the gate."""

import hashlib
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import urllib.parse

SCRIPTS = pathlib.Path(__file__).parents[2] / "templates/scaffold/registry/.github/scripts"
COMPILED = tempfile.TemporaryDirectory(prefix="shelfmark-workflows-")
TOKEN = "token-of-the-test"
REPOSITORY = "owner/registry"
REPOSITORY_ID = 42
AUTHOR = {"login": "partner", "id": 1001, "type": "User"}
BOT = {"login": "github-actions[bot]", "id": 41898282, "type": "Bot"}

BINARY = """#!/bin/sh
echo "## Report"
echo "arguments: $*"
echo "user: $(id -un)"
env | sed 's/^/environment: /'
{ echo x >../verdict.json; } 2>/dev/null && echo "wrote into the gate's folder"
echo "::warning file=a.toml,line=1::a remark"
echo "::add-mask::report"
echo "::error::from the messages" >&2
exit %d
"""


class Forge:
    """One repository with its pull requests, its API and a folder that a job works in."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="shelfmark-workflows-")
        self.folder = pathlib.Path(self._folder.name)
        self.folder.chmod(0o755)
        self.work = self.folder / "gate"
        self.origin = self.folder / "forge" / REPOSITORY
        self.files = {}
        self.pulls, self.runs, self.statuses, self.comments, self.writes = {}, [], [], {}, []
        self.before_answer = lambda method, path: None
        self._serve()
        self._git("init", "--quiet", "--template=", "--bare", "--initial-branch=main", str(self.origin), at=None)
        self.trunk = None

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._folder.cleanup()

    # Git

    def _git(self, *arguments, at="origin", text=None):
        place = [f"--git-dir={self.origin}"] if at else []
        environment = {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}
        for who in ("AUTHOR", "COMMITTER"):
            environment |= {f"GIT_{who}_NAME": "a", f"GIT_{who}_EMAIL": "a@example.com", f"GIT_{who}_DATE": "1700000000 +0000"}
        done = subprocess.run(
            ["git", *place, *arguments], env=environment, input=text, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit(self, ref, files, parent=None):
        """Makes a commit with these files alone, and points a reference at it."""
        rows = []
        for name, text in files.items():
            blob = self._git("hash-object", "-w", "--stdin", text=text)
            rows.append(f"100644 blob {blob}\t{name}")
        tree = self._git("mktree", text="\n".join(rows) + "\n")
        parents = ["-p", parent] if parent else []
        made = self._git("commit-tree", tree, *parents, "-m", f"{ref} {len(self.files)} {os.urandom(4).hex()}")
        self._git("update-ref", ref, made)
        return made

    def pin(self, content, digest=None, url=None):
        """Puts a binary on the server and its pin on the default branch."""
        self.files["/binary"] = content
        digest = digest or hashlib.sha256(content).hexdigest()
        text = f'format = 1\n[gate]\nversion = "0.1.0"\nurl = "{url or self.url + "/binary"}"\nsha256 = "{digest}"\n'
        self.trunk = self.commit("refs/heads/main", {"registry.toml": text}, self.trunk)
        return self.trunk

    def binary(self, code):
        return self.pin((BINARY % code).encode())

    # Pull requests

    def pull(self, number, head=None, **changes):
        head = head or self.commit(f"refs/pull/{number}/head", {"release.toml": f"a = {number}\n"}, self.trunk)
        self._git("update-ref", f"refs/pull/{number}/head", head)
        self.pulls[number] = {
            "number": number,
            "state": "open",
            "draft": False,
            "title": "$(touch /tmp/never) `id` ::error::title",
            "created_at": "2026-03-01T10:00:00Z",
            "user": AUTHOR,
            "head": {"sha": head, "ref": "$(id)"},
            "base": {"ref": "main", "sha": "0" * 40, "repo": {"id": REPOSITORY_ID}},
            **changes,
        }
        self.runs.append({"head_sha": head, "event": "pull_request", "actor": AUTHOR})
        return head

    def comment(self, number, user, body):
        self.comments.setdefault(number, []).append({"id": 900 + len(self.comments.get(number, [])), "user": user, "body": body})

    # The API

    def _answer(self, method, path, query, body):
        self.before_answer(method, path)
        prefix = f"/repos/{REPOSITORY}/"
        if not path.startswith(prefix):
            return 404, {}
        path = path.removeprefix(prefix)
        if method != "GET":
            self.writes.append((method, path, body))
        page, size = int(query.get("page", 1)), int(query.get("per_page", 30))
        part = lambda items: items[(page - 1) * size : page * size]
        if path == "pulls":
            return 200, part([pull for pull in self.pulls.values() if pull["state"] == query["state"]])
        if found := re.fullmatch(r"pulls/(\d+)", path):
            pull = self.pulls.get(int(found[1]))
            return (200, pull) if pull else (404, {})
        if path.startswith("git/ref/heads/"):
            try:
                return 200, {"object": {"sha": self._git("rev-parse", "--verify", "refs/heads/" + path[14:])}}
            except subprocess.CalledProcessError:
                return 404, {}
        if path == "actions/runs":
            runs = [run for run in self.runs if run["head_sha"] == query["head_sha"] and run["event"] == query["event"]]
            return 200, {"workflow_runs": runs}
        if found := re.fullmatch(r"commits/([0-9a-f]{40})/status", path):
            mine = [status for status in reversed(self.statuses) if status["sha"] == found[1]]
            return 200, {"statuses": mine}
        if method == "POST" and (found := re.fullmatch(r"statuses/([0-9a-f]{40})", path)):
            self.statuses.append({"sha": found[1], **body})
            return 201, {}
        if found := re.fullmatch(r"issues/(\d+)/comments", path):
            if method == "POST":
                self.comment(int(found[1]), BOT, body["body"])
                return 201, {}
            return 200, part(self.comments.get(int(found[1]), []))
        if method == "PATCH" and (found := re.fullmatch(r"issues/comments/(\d+)", path)):
            for comment in sum(self.comments.values(), []):
                if comment["id"] == int(found[1]):
                    comment["body"] = body["body"]
            return 200, {}
        return 404, {}

    def _serve(self):
        forge = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def _handle(self):
                parts = urllib.parse.urlsplit(self.path)
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length) or "null")
                if parts.path in forge.files:
                    # Whoever downloads the binary has no business with the token.
                    code, content = (500, b"") if self.headers.get("Authorization") else (200, forge.files[parts.path])
                elif self.headers.get("Authorization") != f"Bearer {TOKEN}":
                    code, content = 401, b"{}"
                else:
                    query = dict(urllib.parse.parse_qsl(parts.query))
                    code, answer = forge._answer(self.command, parts.path, query, body)
                    content = json.dumps(answer).encode()
                self.send_response(code)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PATCH = _handle

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()

    # Steps of a job

    def step(self, name, event=None, kind="workflow_run", target=None, token=True, arguments=(), **settings):
        """Runs one step as the workflow does; returns the finished process."""
        if event is not None:
            self.event = {"repository": {"default_branch": "main"}, **event}
        (self.folder / "event.json").write_text(json.dumps(getattr(self, "event", None) or {"repository": {"default_branch": "main"}}))
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPYCACHEPREFIX": COMPILED.name,
            "GATE_FOLDER": str(self.work),
            "GITHUB_API_URL": self.url,
            "GITHUB_EVENT_NAME": kind,
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_REPOSITORY_ID": str(REPOSITORY_ID),
            "GITHUB_RUN_ID": "77",
            "GITHUB_SERVER_URL": f"file://{self.folder}/forge",
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            **settings,
        }
        if "GATE_USER" in os.environ:
            environment["GATE_USER"] = os.environ["GATE_USER"]
        if token:
            environment["GH_TOKEN"] = TOKEN
        if target:
            environment["TARGET"] = str(target)
        command = [sys.executable, "-S", str(SCRIPTS / "gate.py"), name, *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    def targets(self, event, kind="workflow_run", **settings):
        """Runs `find` and returns what it would have judged."""
        output = self.folder / "output"
        output.unlink(missing_ok=True)
        done = self.step("find", event, kind, **settings)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(output.read_text().removeprefix("targets="))

    def job(self, target, meanwhile=lambda: None):
        """Runs the job `judge` with its conditions; returns exit codes by step."""
        codes = {}
        for name in ("facts", "fetch", "binary", "judge"):
            if any(codes.values()):
                break
            done = self.step(name, target=target, token=name in ("facts", "fetch"))
            codes[name], self.said = done.returncode, done.stdout + done.stderr
        meanwhile()
        if codes["facts"] == 0:
            done = self.step("publish")
            codes["publish"] = done.returncode
            self.said += done.stdout + done.stderr
        return codes
