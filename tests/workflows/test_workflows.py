"""What must hold in every workflow, whatever the linters think of it."""

import pathlib
import re
import unittest

from ruamel.yaml import YAML

ROOT = pathlib.Path(__file__).parents[2]
OURS = ROOT / ".github/workflows"
REGISTRY = ROOT / "templates/scaffold/registry/.github/workflows"


def read(path):
    return YAML(typ="safe", pure=True).load(path.read_text())


WORKFLOWS = {path: read(path) for folder in (OURS, REGISTRY) for path in sorted(folder.iterdir())}


def jobs():
    for path, workflow in WORKFLOWS.items():
        for name, job in workflow["jobs"].items():
            yield f"{path.relative_to(ROOT)}: {name}", job


def steps():
    for place, job in jobs():
        for number, step in enumerate(job.get("steps", [])):
            yield f"{place}: step {number + 1}", step


class EveryWorkflow(unittest.TestCase):
    def test_there_are_workflows(self):
        self.assertEqual({path.name for path in WORKFLOWS if path.parent == REGISTRY}, {"check.yml", "gate.yml", "site.yml"})
        self.assertGreaterEqual(len(WORKFLOWS), 6)

    def test_none_runs_for_a_stranger_with_the_rights_of_the_base(self):
        for path, workflow in WORKFLOWS.items():
            self.assertNotIn("pull_request_target", workflow["on"], path)

    def test_nothing_is_permitted_unless_a_job_says_so(self):
        for path, workflow in WORKFLOWS.items():
            self.assertEqual(workflow["permissions"], {}, path)
        for place, job in jobs():
            self.assertIsInstance(job.get("permissions"), dict, place)

    def test_every_action_is_pinned_by_its_whole_hash_with_its_version(self):
        for path in WORKFLOWS:
            for line in path.read_text().splitlines():
                if re.search(r"\buses:", line):
                    self.assertRegex(line, r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", path)
        used = [step["uses"] for _, step in steps() if "uses" in step]
        self.assertTrue(used)
        for action in used:
            self.assertRegex(action, r"@[0-9a-f]{40}$")

    def test_one_action_has_one_version(self):
        versions = {}
        for _, step in steps():
            if "uses" in step:
                name, digest = step["uses"].split("@")
                versions.setdefault(name, set()).add(digest)
        self.assertEqual([name for name, digests in versions.items() if len(digests) > 1], [])

    def test_no_expression_stands_in_a_script(self):
        for place, step in steps():
            self.assertNotIn("${{", step.get("run", ""), place)

    def test_scripts_in_workflows_are_short(self):
        for place, step in steps():
            self.assertLessEqual(len(step.get("run", "").splitlines()), 15, place)

    def test_no_checkout_leaves_the_token_behind(self):
        for place, step in steps():
            if step.get("uses", "").startswith("actions/checkout@"):
                self.assertIs(step["with"]["persist-credentials"], False, place)

    def test_the_token_is_given_to_steps_and_not_to_jobs(self):
        for place, job in jobs():
            self.assertNotRegex(str(job.get("env", {})), "token|secrets", place)
        for path, workflow in WORKFLOWS.items():
            self.assertNotIn("env", workflow, path)

    def test_every_job_ends(self):
        for place, job in jobs():
            self.assertIn("timeout-minutes", job, place)

    def test_every_step_of_the_gate_is_one_that_its_script_has(self):
        text = (ROOT / "templates/scaffold/registry/.github/scripts/gate.py").read_text()
        known = set(re.findall(r'^    "([a-z]+)": [a-z_]+,$', text, re.MULTILINE))
        used = {step["run"].split()[2] for _, step in steps() if "gate.py" in step.get("run", "")}
        self.assertEqual(used, known)

    def test_a_merge_queue_starts_what_it_waits_for(self):
        self.assertIn("merge_group", WORKFLOWS[OURS / "ci.yml"]["on"])
        self.assertIn("merge_group", WORKFLOWS[REGISTRY / "gate.yml"]["on"])


class Check(unittest.TestCase):
    path = REGISTRY / "check.yml"

    def setUp(self):
        self.workflow, self.text = read(self.path), self.path.read_text()

    def test_it_has_no_permission_and_no_secret(self):
        self.assertEqual(list(self.workflow["on"]), ["pull_request"])
        for job in self.workflow["jobs"].values():
            self.assertEqual(job["permissions"], {})
        self.assertNotRegex(self.text, r"secrets\.|secrets\[|github\.token|inherit")

    def test_it_keeps_nothing_for_a_later_run(self):
        self.assertNotRegex(self.text, r"actions/cache|upload-artifact|cache:")

    def test_its_scripts_are_of_the_base(self):
        for job in self.workflow["jobs"].values():
            for step in job["steps"]:
                if "uses" in step:
                    self.assertEqual(step["with"]["ref"], "${{ github.event.pull_request.base.sha }}")


class Gate(unittest.TestCase):
    path = REGISTRY / "gate.yml"

    def setUp(self):
        self.workflow, self.text = read(self.path), self.path.read_text()
        self.judge = self.workflow["jobs"]["judge"]

    def test_it_takes_nothing_from_the_untrusted_run(self):
        self.assertNotRegex(self.text, r"download-artifact|actions/cache|artifacts_url|workflow_run\.(id|name|head_branch|display_title)")
        self.assertEqual(self.workflow["on"]["workflow_run"], {"workflows": [read(REGISTRY / "check.yml")["name"]], "types": ["completed"]})

    def test_it_checks_out_the_default_branch_alone(self):
        for job in self.workflow["jobs"].values():
            for step in job["steps"]:
                if "uses" in step:
                    self.assertTrue(step["uses"].startswith("actions/checkout@"))
                    self.assertEqual(step["with"]["ref"], "${{ github.event.repository.default_branch }}")
                    self.assertNotIn("repository", step["with"])
                else:
                    self.assertRegex(step["run"], r"^python3 \.github/scripts/gate\.py [a-z]+$")

    def test_the_binary_runs_without_a_token(self):
        with_token = [step["run"].split()[-1] for step in self.judge["steps"] if "GH_TOKEN" in step.get("env", {})]
        without = [step["run"].split()[-1] for step in self.judge["steps"] if "run" in step and "env" not in step]
        self.assertEqual(with_token, ["facts", "fetch", "publish"])
        self.assertEqual(without, ["binary", "judge"])

    def test_its_rights_are_the_least(self):
        rights = {name: job["permissions"] for name, job in self.workflow["jobs"].items()}
        self.assertEqual(rights, {
            "find": {"contents": "read", "pull-requests": "read", "statuses": "write"},
            "judge": {"actions": "read", "contents": "read", "pull-requests": "write", "statuses": "write"},
        })

    def test_it_writes_even_when_it_could_not_judge(self):
        self.assertEqual(self.judge["steps"][-1]["if"], "${{ !cancelled() && steps.facts.outcome == 'success' }}")
        self.assertEqual(self.judge["steps"][1]["id"], "facts")

    def test_both_gates_ask_for_the_same_rights_and_give_the_token_to_the_same_steps(self):
        ours = read(OURS / "gate.yml")["jobs"]
        self.assertEqual(ours["find"]["permissions"], self.workflow["jobs"]["find"]["permissions"])
        self.assertEqual(ours["judge"]["permissions"], self.judge["permissions"])
        self.assertEqual(ours["build"]["permissions"], {"contents": "read"})
        with_token = [step["run"].split()[-1] for step in ours["judge"]["steps"] if "GH_TOKEN" in step.get("env", {})]
        self.assertEqual(with_token, ["facts", "fetch", "publish"])


class OursOnTheDemoRegistry(unittest.TestCase):
    """The binary is built, not pinned: from the base in `check`, from the default branch in `gate`."""

    def test_only_the_base_is_checked_out(self):
        expected = {"check.yml": "${{ github.event.pull_request.base.sha }}", "gate.yml": "${{ github.event.repository.default_branch }}"}
        for name, ref in expected.items():
            for job in WORKFLOWS[OURS / name]["jobs"].values():
                for step in job["steps"]:
                    if step.get("uses", "").startswith("actions/checkout@"):
                        self.assertEqual(step["with"]["ref"], ref, name)
                        self.assertNotIn("repository", step["with"])

    def test_the_preview_has_no_permission_and_no_secret(self):
        path = OURS / "check.yml"
        for job in WORKFLOWS[path]["jobs"].values():
            self.assertEqual(job["permissions"], {})
        self.assertNotRegex(path.read_text(), r"secrets\.|secrets\[|github\.token|inherit|actions/cache|upload-artifact")

    def test_the_gate_takes_the_binary_of_its_own_run(self):
        jobs = WORKFLOWS[OURS / "gate.yml"]["jobs"]
        downloads = [step for step in jobs["judge"]["steps"] if "download-artifact" in step.get("uses", "")]
        self.assertEqual([set(step["with"]) for step in downloads], [{"name", "path"}])
        self.assertIn("build", jobs["judge"]["needs"])

    def test_every_step_that_reviews_knows_the_folder_of_the_registry(self):
        for name in ("check.yml", "gate.yml"):
            for job in WORKFLOWS[OURS / name]["jobs"].values():
                for step in job["steps"]:
                    if step.get("run", "").split()[-1:] in (["find"], ["judge"], ["preview"]):
                        self.assertEqual(step["env"]["GATE_REGISTRY"], "registry-index")


if __name__ == "__main__":
    unittest.main()
