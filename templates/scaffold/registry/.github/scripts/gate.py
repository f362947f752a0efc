#!/usr/bin/env python3
"""The steps of the workflows `check` and `gate`: `gate.py <step>`.

    find       which pull requests to judge (needs the token)
    facts      who, since when, and which two commits (needs the token)
    event      the same from the event alone, for `check`, where nothing has authority
    fetch      both commits as git objects
    binary     the pinned binary; `binary FILE` reads that registry.toml, not the default branch's
    judge      one report and a verdict; the binary runs without a token
    preview    annotations and a summary; the binary runs without a token
    publish    the status and the comment, if nothing moved meanwhile (needs the token)

Everything is read from environment variables and files, nothing from text in a command.
"""

import datetime
import json
import os
import pathlib
import re
import secrets
import shutil
import sys

import binary
import github
import objects

FOLDER = pathlib.Path(os.environ.get("GATE_FOLDER", "/tmp/shelfmark-gate"))
REGISTRY = os.environ.get("GATE_REGISTRY", ".")  # where the registry is in the repository
GROUP = "merge-group"
SWEEP = 50  # pull requests that are judged again when the default branch moves
LOOKED = 300  # pull requests whose state is asked for then
LOGIN = re.compile(r"[A-Za-z0-9_-]{1,80}(\[bot\])?\Z")
QUEUED = re.compile(r"refs/heads/gh-readonly-queue/.+/pr-([0-9]{1,9})-[0-9a-f]{40}\Z")
LONGEST = 60_000  # GitHub takes 65,536 characters
VERDICTS = {
    0: ("success", "admitted"),
    1: ("failure", "rejected: the comment says why"),
    3: ("pending", "a person must decide: the comment says who"),
    5: ("failure", "a digest or signature is wrong"),
}
BROKEN = ("error", "the gate could not run: its log says why")


class Refused(Exception):
    """A pull request that the gate does not judge."""


def event():
    return json.loads(pathlib.Path(os.environ["GITHUB_EVENT_PATH"]).read_text())


def trunk():
    return event()["repository"]["default_branch"]


def link():
    return "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}".format(**os.environ)


def append(name, text):
    with open(os.environ[name], "a", encoding="utf-8") as file:
        file.write(text)


def show(text):
    """Prints text that strangers wrote: the runner takes no line of it for a command."""
    stop = secrets.token_hex(16)
    print(f"::stop-commands::{stop}\n{text}\n::{stop}::", flush=True)


def say(level, text):
    print(f"::{level}::{text}", flush=True)


def save(name, value):
    (FOLDER / name).write_text(json.dumps(value))


def load(name):
    return json.loads((FOLDER / name).read_text())


def begin():
    if FOLDER.exists():
        shutil.rmtree(FOLDER)
    FOLDER.mkdir(mode=0o755)


# Which pull requests


def find():
    api, happened = github.GitHub(), event()
    name = os.environ["GITHUB_EVENT_NAME"]
    if name == "merge_group":
        targets = [GROUP]
    elif name == "workflow_dispatch":
        targets = [str(int(happened["inputs"]["pull-request"]))]
    elif name == "workflow_run":
        targets = with_head(api, happened["workflow_run"]["head_sha"])
    else:
        targets = waiting(api)
    print(f"to judge: {', '.join(targets) or 'nothing'}")
    append("GITHUB_OUTPUT", f"targets={json.dumps(targets)}\n")


def with_head(api, head):
    numbers = api.numbers_with_head(head)
    if len(numbers) > 1:
        several(api, head, numbers)
        return []
    if not numbers:
        say("notice", "no open pull request has this head any more: nothing is judged")
    return [str(number) for number in numbers]


def several(api, head, numbers):
    text = f"{len(numbers)} open pull requests have this head: close all but one"
    say("warning", f"{text} ({', '.join(f'#{number}' for number in numbers)})")
    api.set_state(head, "error", text, link())


def waiting(api):
    """Returns the open pull requests that the new state of the default branch may have decided."""
    branch = trunk()
    mine = [pull for pull in api.open_pulls() if pull["base"]["ref"] == branch and not pull["draft"]]
    states = [(pull["number"], api.state(pull["head"]["sha"])) for pull in mine[:LOOKED]]
    if REGISTRY != ".":
        # Beside the registry there is other work, for which `check` never rang.
        states = [(number, state) for number, state in states if state is not None]
    waits = [number for number, state in states if state not in ("success", "failure")]
    # What was rejected may have been waived, or what it requires published.
    rejected = [number for number, state in states if state == "failure"]
    return [str(number) for number in (waits + rejected)[:SWEEP]]


# Who, since when, and which two commits


def actor(user):
    if not LOGIN.match(user["login"]):
        return None
    return f"github:{user['login']}#{int(user['id'])}"


def ensure_ours(api, pull):
    if pull["state"] != "open":
        raise Refused("the pull request is not open")
    if pull["base"]["repo"]["id"] != api.repository_id:
        raise Refused("the pull request is not to this repository")
    if pull["base"]["ref"] != trunk():
        raise Refused(f"only pull requests to `{trunk()}` are judged")


def facts():
    begin()
    api, target = github.GitHub(), os.environ["TARGET"]
    found = facts_of_group(api) if target == GROUP else facts_of_pull(api, int(target))
    save("facts.json", found)


def author(api, pull):
    """Returns what the review is told about who proposes: nothing where somebody else pushed last."""
    user, head = pull["user"], pull["head"]["sha"]
    if user is None or not api.is_vouched(head, user["id"]):
        say("notice", "the author did not push this head: it is judged as nobody's")
        return {"actor": None, "opened": pull["created_at"]}
    return {"actor": actor(user), "opened": pull["created_at"]}


def facts_of_pull(api, number):
    pull = api.pull(number)
    head = pull["head"]["sha"]
    try:
        ensure_ours(api, pull)
    except Refused as refusal:
        if pull["state"] == "open":
            api.set_state(head, "error", str(refusal), link())
        raise
    numbers = api.numbers_with_head(head)
    if numbers != [number]:
        if len(numbers) > 1:
            several(api, head, numbers)
        raise Refused("the head is not this pull request's alone")
    return {
        "target": str(number),
        "base": api.tip(trunk()),
        "head": head,
        "source": f"refs/pull/{number}/head",
        **author(api, pull),
    }


def facts_of_group(api):
    group = event()["merge_group"]
    if group["base_ref"] != f"refs/heads/{trunk()}":
        raise Refused("the merge group is not for the default branch")
    queued = QUEUED.match(group["head_ref"])
    who = author(api, api.pull(int(queued[1]))) if queued else {"actor": None, "opened": None}
    return {
        "target": GROUP,
        "base": group["base_sha"],
        "head": group["head_sha"],
        "source": group["head_ref"],
        **who,
    }


def facts_of_event():
    """For `check`: what the event says; the base is what the default branch is when it is fetched."""
    begin()
    pull = event()["pull_request"]
    found = {
        "target": str(pull["number"]),
        "base": None,
        "head": pull["head"]["sha"],
        "source": f"refs/pull/{int(pull['number'])}/head",
        "actor": actor(pull["user"]),
        "opened": pull["created_at"],
    }
    save("facts.json", found)


# Objects and binary


def repository():
    url = f"{os.environ['GITHUB_SERVER_URL']}/{os.environ['GITHUB_REPOSITORY']}"
    return objects.Objects(FOLDER / "objects.git", url)


def fetch():
    found, git = load("facts.json"), repository()
    git.fetch(trunk(), found["source"], found["head"])
    found["base"] = found["base"] or git.commit(objects.TRUNK)
    git.holds(found["base"], objects.HEAD if found["target"] == GROUP else objects.TRUNK)
    save("facts.json", found)
    print(f"base {found['base']}\nhead {found['head']}")


def take_binary(file=None):
    """The pin is the default branch's, also for a merge group, whose base may be queued itself."""
    if file:
        FOLDER.mkdir(mode=0o755, exist_ok=True)
        content = pathlib.Path(file).read_bytes()
    else:
        path = pathlib.PurePosixPath(REGISTRY, "registry.toml")
        content = repository().file(objects.TRUNK, str(path))
    binary.install(content, FOLDER / "shelfmark")


# The verdict


def review(form, output):
    found = load("facts.json")
    place = FOLDER / "objects.git" / REGISTRY
    place.mkdir(parents=True, exist_ok=True)
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    arguments = ["review", "--online", "--registry", str(place), "--format", form, "--now", now]
    arguments += ["--base", found["base"], "--head", found["head"]]
    for option in ("actor", "opened"):
        if found[option]:
            arguments += [f"--{option}", found[option]]
    code, messages = binary.run(FOLDER / "shelfmark", arguments, FOLDER / "state", output)
    show(f"exit {code}\n{messages}")
    with output.open("rb") as file:
        return code, file.read(1 << 20).decode(errors="replace")


def shortened(text):
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}\n\n…\n\nThe report is longer than a comment can be: `shelfmark review` shows all of it."


def judge():
    code, report = review("markdown", FOLDER / "report.md")
    save("verdict.json", {"exit": code, "report": shortened(report)})
    append("GITHUB_STEP_SUMMARY", shortened(report) + "\n")
    if code not in VERDICTS:
        sys.exit(f"the review ended with {code}")


def preview():
    _, annotations = review("github", FOLDER / "annotations.txt")
    for line in annotations.splitlines():
        if re.match(r"::(error|warning|notice)[ :]", line):
            print(line)
    code, report = review("text", FOLDER / "report.txt")
    fence = "`" * (max((len(run) for run in re.findall("`+", report)), default=0) + 3)
    append("GITHUB_STEP_SUMMARY", f"{fence}text\n{shortened(report)}\n{fence}\n")
    if code == 3:
        say("notice", "nothing is wrong, and a person must decide: the summary says who")
    elif code:
        sys.exit("not admitted: the summary of this run says why")


# What is written


def verdict(is_group):
    """Returns state, description and report; without a verdict the gate could not run."""
    try:
        found = load("verdict.json")
    except FileNotFoundError:
        return (*BROKEN, None)
    state, description = VERDICTS.get(found["exit"], BROKEN)
    if is_group and state == "pending":
        # Nobody decides inside the queue: the pull request leaves it at once.
        state = "failure"
    return state, description, found["report"] if found["exit"] in VERDICTS else None


def has_moved(api, found):
    """Whether the pull request is no longer exactly this base and this head."""
    if found["target"] == GROUP:
        return api.tip(found["source"].removeprefix("refs/heads/")) != found["head"]
    number = int(found["target"])
    pull = api.pull(number)
    try:
        ensure_ours(api, pull)
    except Refused:
        return True
    is_same = pull["head"]["sha"] == found["head"] and api.tip(trunk()) == found["base"]
    return not is_same or api.numbers_with_head(found["head"]) != [number]


def publish():
    api, found = github.GitHub(), load("facts.json")
    is_group = found["target"] == GROUP
    state, description, report = verdict(is_group)
    if has_moved(api, found):
        say("notice", "the head or the base moved meanwhile: nothing is written, the next run judges")
        return
    base, head = found["base"][:12], found["head"][:12]
    api.set_state(found["head"], state, f"{description} (base {base})", link())
    print(f"{state}: {description}")
    if not is_group:
        text = report or "The gate could not run. This says nothing about the submission; an operator looks at the log."
        api.comment(int(found["target"]), f"{text.rstrip()}\n\n<sub>{head} on {base} · [log]({link()})</sub>\n")


STEPS = {
    "find": find,
    "facts": facts,
    "event": facts_of_event,
    "fetch": fetch,
    "binary": take_binary,
    "judge": judge,
    "preview": preview,
    "publish": publish,
}


def main(arguments):
    os.umask(0o022)
    if not arguments or arguments[0] not in STEPS:
        sys.exit(__doc__)
    try:
        STEPS[arguments[0]](*arguments[1:])
    except (Refused, github.Unanswered, objects.Unfetched, binary.Unpinned, OSError) as error:
        show(f"error: {error}")
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
