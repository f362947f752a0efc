"""The gate's scripts against a repository and an API on this machine."""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import unittest

from forge import AUTHOR, BOT, TOKEN, Forge

MARKER = "<!-- shelfmark-report -->"
STRANGER = {"login": "stranger", "id": 2002, "type": "User"}

if os.geteuid() != 0 and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode:
    os.environ["GATE_USER"] = ""
IS_SEPARATE = os.environ.get("GATE_USER") is None


class Case(unittest.TestCase):
    def setUp(self):
        self.forge = Forge()
        self.addCleanup(self.forge.close)
        self.base = self.forge.binary(0)
        self.head = self.forge.pull(7)

    def states(self, head=None):
        return [status["state"] for status in self.forge.statuses if status["sha"] == (head or self.head)]

    def rang(self, head=None):
        return self.forge.targets({"workflow_run": {"head_sha": head or self.head}})


class Find(Case):
    def test_the_pull_request_of_a_head_is_found(self):
        self.forge.pull(8)
        self.assertEqual(self.rang(), ["7"])
        self.assertEqual(self.forge.writes, [])

    def test_it_is_found_on_a_later_page(self):
        for number in range(100, 350):
            self.forge.pulls[number] = {**self.forge.pulls[7], "number": number, "head": {"sha": f"{number:040}"}}
        self.assertEqual(self.rang(f"{349:040}"), ["349"])

    def test_a_head_that_nobody_has_is_not_judged(self):
        self.assertEqual(self.rang("1" * 40), [])
        self.forge.pulls[7]["state"] = "closed"
        self.assertEqual(self.rang(), [])
        self.assertEqual(self.forge.writes, [])

    def test_two_pull_requests_with_one_head_are_refused(self):
        self.forge.pull(8, self.head)
        self.assertEqual(self.rang(), [])
        self.assertEqual(self.states(), ["error"])
        self.assertIn("2 open pull requests", self.forge.statuses[0]["description"])

    def test_a_push_has_those_judged_that_wait_and_then_those_that_were_rejected(self):
        for number, state in ((8, "success"), (9, "failure"), (10, "pending"), (11, "error")):
            head = self.forge.pull(number)
            self.forge.statuses.append({"sha": head, "context": "other", "state": "success"})
            self.forge.statuses.append({"sha": head, "context": "shelfmark", "state": state})
        self.forge.pull(12, draft=True)
        self.assertEqual(self.forge.targets({}, "push"), ["7", "10", "11", "9"])
        self.assertEqual(self.forge.targets({}, "schedule"), ["7", "10", "11", "9"])

    def test_where_the_registry_is_a_folder_other_work_is_left_alone(self):
        head = self.forge.pull(8)
        self.forge.statuses.append({"sha": head, "context": "shelfmark", "state": "pending"})
        targets = self.forge.targets({}, "push", GATE_REGISTRY="registry-index")
        self.assertEqual(targets, ["8"])

    def test_a_person_and_the_queue_say_what(self):
        self.assertEqual(self.forge.targets({"inputs": {"pull-request": "7"}}, "workflow_dispatch"), ["7"])
        self.assertEqual(self.forge.targets({"merge_group": {}}, "merge_group"), ["merge-group"])
        done = self.forge.step("find", {"inputs": {"pull-request": "7; id"}}, "workflow_dispatch")
        self.assertNotEqual(done.returncode, 0)


class Judge(Case):
    def arguments(self):
        report = (self.forge.work / "report.md").read_text()
        return report.split("arguments: ")[1].splitlines()[0].split()

    def test_an_admitted_head_gets_a_status_and_a_comment(self):
        self.assertEqual(set(self.forge.job(7).values()), {0}, self.forge.said)
        (status,) = self.forge.statuses
        self.assertEqual((status["sha"], status["state"], status["context"]), (self.head, "success", "shelfmark"))
        self.assertEqual(status["description"], f"admitted (base {self.base[:12]})")
        self.assertTrue(status["target_url"].endswith("/owner/registry/actions/runs/77"))
        (comment,) = self.forge.comments[7]
        self.assertTrue(comment["body"].startswith(f"{MARKER}\n## Report\n"))
        self.assertIn(f"{self.head[:12]} on {self.base[:12]}", comment["body"])

    def test_the_review_is_told_what_the_api_says(self):
        self.forge.job(7)
        words = self.arguments()
        value = lambda option: words[words.index(option) + 1]
        self.assertEqual(words[0], "review")
        self.assertEqual((value("--base"), value("--head")), (self.base, self.head))
        self.assertEqual((value("--actor"), value("--opened")), ("github:partner#1001", "2026-03-01T10:00:00Z"))
        self.assertRegex(value("--now"), r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(value("--format"), "markdown")
        self.assertEqual(value("--registry"), str(self.forge.work / "objects.git"))

    def test_the_binary_sees_no_token_and_nothing_of_the_runner(self):
        self.forge.job(7)
        report = (self.forge.work / "report.md").read_text()
        names = set(re.findall(r"^environment: (\w+)=", report, re.MULTILINE))
        self.assertLessEqual(names, {"PATH", "HOME", "LANG", "NO_COLOR", "PWD", "OLDPWD", "SHLVL", "_"})
        self.assertNotIn(TOKEN, report)

    @unittest.skipUnless(IS_SEPARATE, "needs root or sudo to run the binary as another user")
    def test_the_binary_is_nobody_and_cannot_write_what_later_steps_read(self):
        self.forge.job(7)
        report = (self.forge.work / "report.md").read_text()
        self.assertIn("user: nobody", report)
        self.assertNotIn("wrote into the gate's folder", report)

    def test_nothing_of_the_head_is_checked_out(self):
        self.forge.job(7)
        files = [path.name for path in self.forge.work.rglob("*") if path.is_file()]
        self.assertNotIn("release.toml", files)
        bare = subprocess.run(
            ["git", f"--git-dir={self.forge.work}/objects.git", "rev-parse", "--is-bare-repository"],
            capture_output=True, text=True,
        )
        self.assertEqual(bare.stdout.strip(), "true")

    def test_text_of_strangers_gives_the_runner_no_command(self):
        done = [self.forge.step(name, target=7) for name in ("facts", "fetch", "binary", "judge")][-1]
        stop = re.search(r"::stop-commands::([0-9a-f]{32})\n(.*)\n::\1::", done.stdout, re.DOTALL)
        self.assertIn("::error::from the messages", stop[2])
        outside = done.stdout.replace(stop[0], "")
        self.assertNotIn("::", outside)

    def test_exit_codes_become_states(self):
        for code, state in ((0, "success"), (1, "failure"), (3, "pending"), (5, "failure"), (2, "error"), (4, "error"), (77, "error")):
            with self.subTest(code=code):
                self.forge.binary(code)
                head = self.forge.pull(7)
                self.forge.job(7)
                self.assertEqual(self.states(head), [state], self.forge.said)

    def test_without_a_verdict_the_comment_says_that_nothing_was_found_out(self):
        self.forge.binary(4)
        codes = self.forge.job(7)
        self.assertEqual((codes["judge"], codes["publish"]), (1, 0))
        self.assertIn("could not run", self.forge.comments[7][0]["body"])
        self.assertNotIn("## Report", self.forge.comments[7][0]["body"])

    def test_the_comment_is_edited_and_not_repeated(self):
        self.forge.comment(7, STRANGER, f"{MARKER}\nadmitted, says the stranger")
        self.forge.comment(7, BOT, "another bot run says hello")
        for _ in range(3):
            self.forge.binary(1)
            self.forge.pull(7)
            self.forge.job(7)
        bodies = [comment["body"] for comment in self.forge.comments[7]]
        self.assertEqual(len(bodies), 3)
        self.assertEqual(bodies[0], f"{MARKER}\nadmitted, says the stranger")
        self.assertIn(self.forge.pulls[7]["head"]["sha"][:12], bodies[2])
        self.assertEqual([write[0] for write in self.forge.writes if "comments" in write[1]], ["POST", "PATCH", "PATCH"])

    def test_a_comment_is_never_longer_than_github_takes(self):
        self.forge.pin(b"#!/bin/sh\nyes 0123456789 | head -c 3000000\nexit 1\n")
        self.forge.pull(7)
        self.forge.job(7)
        body = self.forge.comments[7][0]["body"]
        self.assertLess(len(body), 65_536)
        self.assertIn("longer than a comment", body)

    def test_an_author_who_did_not_push_the_head_is_nobody(self):
        self.forge.runs[-1]["actor"] = STRANGER
        self.forge.job(7)
        self.assertNotIn("--actor", self.arguments())
        self.assertIn("--opened", self.arguments())

    def test_an_account_that_is_gone_is_nobody(self):
        self.forge.pulls[7]["user"] = None
        self.forge.job(7)
        self.assertNotIn("--actor", self.arguments())


class Refuse(Case):
    def refused(self):
        self.assertEqual(self.forge.job(7), {"facts": 1})
        self.assertEqual(self.forge.comments, {})

    def test_a_pull_request_to_another_repository(self):
        self.forge.pulls[7]["base"]["repo"]["id"] = 43
        self.refused()
        self.assertEqual(self.states(), ["error"])

    def test_a_pull_request_to_another_branch(self):
        self.forge.pulls[7]["base"]["ref"] = "old"
        self.refused()
        self.assertEqual(self.states(), ["error"])
        self.assertIn("`main`", self.forge.statuses[0]["description"])

    def test_a_closed_pull_request(self):
        self.forge.pulls[7]["state"] = "closed"
        self.refused()
        self.assertEqual(self.states(), [])

    def test_a_head_that_two_have(self):
        self.forge.pull(8, self.head)
        self.refused()
        self.assertEqual(self.states(), ["error"])

    def test_a_head_that_is_another_than_the_api_said(self):
        self.forge._git("update-ref", "refs/pull/7/head", self.base)
        codes = self.forge.job(7)
        self.assertEqual(codes["fetch"], 1)
        self.assertIn("not " + self.head[:12], self.forge.said)
        self.assertEqual(self.states(), ["error"])

    def test_a_tree_that_no_git_would_make(self):
        blob = self.forge._git("hash-object", "-w", "--stdin", text="x")
        tree = self.forge._git("mktree", text=f"100644 blob {blob}\t.git\n")
        head = self.forge._git("commit-tree", tree, "-p", self.base, "-m", "x")
        self.forge.pull(7, head)
        self.assertEqual(self.forge.job(7)["fetch"], 1)
        self.assertEqual(self.states(head), ["error"])

    def test_a_binary_with_another_digest(self):
        self.forge.pin(b"#!/bin/sh\nexit 0\n", digest="0" * 64)
        head = self.forge.pull(7)
        codes = self.forge.job(7)
        self.assertEqual(codes["binary"], 1)
        self.assertNotIn("judge", codes)
        self.assertIn("another digest", self.forge.said)
        self.assertFalse((self.forge.work / "shelfmark").exists())
        self.assertEqual(self.states(head), ["error"])

    def test_a_binary_that_the_pull_request_pins(self):
        evil = b"#!/bin/sh\necho admitted\nexit 0\n"
        self.forge.binary(1)
        self.forge.files["/evil"] = evil
        pin = f'[gate]\nurl = "{self.forge.url}/evil"\nsha256 = "{hashlib.sha256(evil).hexdigest()}"\n'
        head = self.forge.commit("refs/pull/7/head", {"registry.toml": pin}, self.forge.trunk)
        self.forge.pull(7, head)
        self.forge.job(7)
        self.assertEqual(self.states(head), ["failure"])

    def test_an_address_without_tls(self):
        self.forge.pin(b"x", url="http://releases.example/shelfmark")
        self.forge.pull(7)
        self.assertEqual(self.forge.job(7)["binary"], 1)
        self.assertIn("https://", self.forge.said)

    def test_a_registry_that_pins_nothing(self):
        self.forge.trunk = self.forge.commit("refs/heads/main", {"registry.toml": "format = 1\n"}, self.forge.trunk)
        head = self.forge.pull(7)
        self.assertEqual(self.forge.job(7)["binary"], 1)
        self.assertIn("SETUP.md", self.forge.said)
        self.assertEqual(self.states(head), ["error"])


class Moved(Case):
    def nothing_is_written(self, meanwhile):
        codes = self.forge.job(7, meanwhile=meanwhile)
        self.assertEqual(set(codes.values()), {0}, self.forge.said)
        self.assertEqual((self.forge.statuses, self.forge.comments), ([], {}))

    def test_the_head_moved(self):
        self.nothing_is_written(lambda: self.forge.pull(7))

    def test_the_base_moved(self):
        self.nothing_is_written(lambda: self.forge.binary(0))

    def test_the_pull_request_was_closed(self):
        self.nothing_is_written(lambda: self.forge.pulls[7].update(state="closed"))

    def test_the_pull_request_was_pointed_at_another_branch(self):
        self.nothing_is_written(lambda: self.forge.pulls[7]["base"].update(ref="old"))

    def test_a_second_pull_request_took_the_head(self):
        self.nothing_is_written(lambda: self.forge.pull(8, self.head))

    def test_the_head_moved_before_it_was_fetched(self):
        moved = []

        def move(method, path):
            if path.endswith("/actions/runs") and not moved:
                moved.append(self.forge.pull(7))

        self.forge.before_answer = move
        self.assertEqual(self.forge.job(7)["fetch"], 1)
        self.assertEqual((self.forge.statuses, self.forge.comments), ([], {}))


class MergeGroup(Case):
    def group(self, base=None, files=None, code=None):
        if code is not None:
            self.base = self.forge.binary(code)
        base = base or self.base
        ref = f"refs/heads/gh-readonly-queue/main/pr-7-{base}"
        head = self.forge.commit(ref, files or {"release.toml": "a = 7\n"}, base)
        group = {"base_ref": "refs/heads/main", "base_sha": base, "head_ref": ref, "head_sha": head}
        self.forge.event = {"repository": {"default_branch": "main"}, "merge_group": group}
        return head

    def test_the_group_is_judged_with_the_author_of_its_pull_request(self):
        head = self.group()
        self.assertEqual(set(self.forge.job("merge-group").values()), {0}, self.forge.said)
        self.assertEqual(self.states(head), ["success"])
        self.assertEqual((self.states(), self.forge.comments), ([], {}))
        self.assertIn("--actor github:partner#1001", (self.forge.work / "report.md").read_text())

    def test_nobody_decides_inside_the_queue(self):
        head = self.group(code=3)
        self.forge.job("merge-group")
        self.assertEqual(self.states(head), ["failure"])

    def test_the_pin_is_the_default_branchs_and_not_a_queued_one(self):
        self.base = self.forge.binary(1)
        evil = b"#!/bin/sh\nexit 0\n"
        self.forge.files["/evil"] = evil
        pin = f'[gate]\nurl = "{self.forge.url}/evil"\nsha256 = "{hashlib.sha256(evil).hexdigest()}"\n'
        queued = self.forge.commit("refs/heads/gh-readonly-queue/main/pr-6-x", {"registry.toml": pin}, self.base)
        head = self.group(base=queued)
        self.forge.job("merge-group")
        self.assertEqual(self.states(head), ["failure"])

    def test_a_group_that_was_rebuilt_gets_no_status(self):
        head = self.group()
        ref = self.forge.event["merge_group"]["head_ref"]
        self.forge.job("merge-group", meanwhile=lambda: self.forge._git("update-ref", "-d", ref))
        self.assertEqual(self.states(head), [])

    def test_a_base_that_is_not_below_the_group_is_refused(self):
        head = self.group()
        self.forge.event["merge_group"]["base_sha"] = self.head
        self.assertEqual(self.forge.job("merge-group")["fetch"], 1)
        self.assertEqual(self.states(head), ["error"])

    def test_a_group_for_another_branch_is_refused(self):
        self.group()
        self.forge.event["merge_group"]["base_ref"] = "refs/heads/old"
        self.assertEqual(self.forge.job("merge-group"), {"facts": 1})


class Preview(Case):
    def preview(self, code):
        self.forge.binary(code)
        head = self.forge.pull(7)
        self.forge.event = {"repository": {"default_branch": "main"}, "pull_request": {**self.forge.pulls[7], "head": {"sha": head}}}
        self.forge.before_answer = lambda method, path: self.fail(f"{method} {path}")
        for name in ("event", "fetch", "binary", "preview"):
            done = self.forge.step(name, token=False)
        return done

    def test_it_shows_annotations_and_a_summary_without_a_token(self):
        done = self.preview(1)
        self.assertEqual(done.returncode, 1)
        shown = re.sub(r"::stop-commands::([0-9a-f]+)\n.*?\n::\1::", "", done.stdout, flags=re.DOTALL)
        self.assertEqual(shown.split("\n\n")[0].strip(), "::warning file=a.toml,line=1::a remark")
        self.assertNotIn("add-mask", shown)
        summary = (self.forge.folder / "summary.md").read_text()
        self.assertIn("--format text", summary)
        self.assertTrue(summary.startswith("```text\n"))

    def test_only_what_is_wrong_is_red(self):
        for code, expected in ((0, 0), (1, 1), (3, 0), (4, 1)):
            with self.subTest(code=code):
                self.assertEqual(self.preview(code).returncode, expected)


class Binary(Case):
    def packed(self, names):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
            for name in names:
                item = tarfile.TarInfo(name)
                item.size = 9
                archive.addfile(item, io.BytesIO(b"#!/bin/sh"))
        return buffer.getvalue()

    def taken(self, content):
        self.forge.pin(content)
        file = self.forge.folder / "registry.toml"
        file.write_text(self.forge._git("cat-file", "blob", "refs/heads/main:registry.toml"))
        shutil.rmtree(self.forge.work, ignore_errors=True)
        return self.forge.step("binary", token=False, arguments=[str(file)])

    def test_it_may_be_the_download_or_in_an_archive(self):
        for content in (b"#!/bin/sh", self.packed(["shelfmark-0.1.0/README.md", "shelfmark-0.1.0/shelfmark"])):
            self.assertEqual(self.taken(content).returncode, 0)
            program = self.forge.work / "shelfmark"
            self.assertEqual(program.read_bytes(), b"#!/bin/sh")
            self.assertEqual(program.stat().st_mode & 0o777, 0o755)
            self.assertEqual([path.name for path in self.forge.work.iterdir()], ["shelfmark"])

    def test_an_archive_without_it_or_with_two_is_refused(self):
        for names in (["README.md"], ["a/shelfmark", "b/shelfmark"]):
            self.assertEqual(self.taken(self.packed(names)).returncode, 1)


if __name__ == "__main__":
    unittest.main()
