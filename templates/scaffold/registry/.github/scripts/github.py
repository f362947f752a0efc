"""The few questions the gate asks GitHub, and the two things it writes: a status and a comment.

The token is read from GH_TOKEN and is sent to GITHUB_API_URL alone: redirects are not followed.
"""

import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request

CONTEXT = "shelfmark"
MARKER = "<!-- shelfmark-report -->"
BOT = "github-actions[bot]"
PAGES = 50


class Unanswered(Exception):
    """GitHub did not answer, or answered with an error."""

    def __init__(self, text, status=None):
        super().__init__(text)
        self.status = status


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class GitHub:
    """The API, as seen from one repository."""

    def __init__(self, environment=os.environ, pause=time.sleep):
        self.api = environment["GITHUB_API_URL"].rstrip("/")
        self.repository = environment["GITHUB_REPOSITORY"]
        self.repository_id = int(environment["GITHUB_REPOSITORY_ID"])
        self._token = environment["GH_TOKEN"]
        self._pause = pause
        self._opener = urllib.request.build_opener(_NoRedirect)

    def _call(self, method, path, body=None):
        request = urllib.request.Request(
            f"{self.api}/repos/{self.repository}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                "User-Agent": "shelfmark-gate",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        with self._opener.open(request, timeout=30) as answer:
            return json.load(answer)

    def _send(self, method, path, body=None, tries=1):
        for left in reversed(range(tries)):
            try:
                return self._call(method, path, body)
            except urllib.error.HTTPError as error:
                if error.code < 500 or not left:
                    raise Unanswered(f"{method} {path}: HTTP {error.code}", error.code) from error
            except (OSError, ValueError) as error:
                if not left:
                    raise Unanswered(f"{method} {path}: {error}") from error
            self._pause(3)

    def get(self, path, **query):
        tail = f"?{urllib.parse.urlencode(query)}" if query else ""
        return self._send("GET", path + tail, tries=3)

    def pages(self, path, **query):
        """Returns every item of a list; a list longer than PAGES pages is an error, not a part."""
        found = []
        for page in range(1, PAGES + 1):
            items = self.get(path, per_page=100, page=page, **query)
            found += items
            if len(items) < 100:
                return found
        raise Unanswered(f"GET {path}: more than {PAGES * 100} items")

    def tip(self, branch):
        """Returns the commit of a branch, or nothing where the branch is gone."""
        try:
            return self.get(f"git/ref/heads/{urllib.parse.quote(branch)}")["object"]["sha"]
        except Unanswered as error:
            if error.status == 404:
                return None
            raise

    def pull(self, number):
        return self.get(f"pulls/{number}")

    def open_pulls(self):
        return self.pages("pulls", state="open", sort="updated", direction="desc")

    def numbers_with_head(self, head):
        """Returns the open pull requests whose head is this commit, to any base."""
        return [pull["number"] for pull in self.open_pulls() if pull["head"]["sha"] == head]

    def is_vouched(self, head, account):
        """Whether this account itself opened, pushed or reopened a pull request at this commit.

        The author of a pull request is not always who pushed its last commit: whoever may write to
        the source branch can push after it was opened.
        """
        runs = self.get("actions/runs", head_sha=head, event="pull_request", per_page=100)
        return any((run.get("actor") or {}).get("id") == account for run in runs["workflow_runs"])

    def state(self, head):
        """Returns the state of the gate's newest status of a commit, or nothing."""
        statuses = self.get(f"commits/{head}/status", per_page=100)["statuses"]
        return next((status["state"] for status in statuses if status["context"] == CONTEXT), None)

    def set_state(self, head, state, description, link):
        body = {"state": state, "context": CONTEXT, "description": description[:140], "target_url": link}
        self._send("POST", f"statuses/{head}", body, tries=3)

    def comment(self, number, text):
        """Writes the one comment: edits it where it is, makes it where it is not."""
        body = {"body": f"{MARKER}\n{text}"}
        for old in self.pages(f"issues/{number}/comments"):
            is_bot = old["user"] and old["user"]["login"] == BOT and old["user"]["type"] == "Bot"
            if is_bot and (old["body"] or "").startswith(MARKER):
                if old["body"] != body["body"]:
                    self._send("PATCH", f"issues/comments/{old['id']}", body, tries=3)
                return
        self._send("POST", f"issues/{number}/comments", body)
