"""Runs of schemathesis: one for each description and role, some at once."""

import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import time
from xml.etree import ElementTree

HERE = pathlib.Path(__file__).resolve().parent
SERVICES = HERE.parents[2] / "services"
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance,response_headers_conformance"
)
# Share of requests that may be sent away for being too many: more would leave the logic behind them untested.
SENT_AWAY_MAX = 0.2
RUN_S_MAX = 3600


@dataclasses.dataclass
class Run:
    """One description, in one role."""

    api: str
    role: str
    # Where the API is served on the console's port.
    below: str = ""
    phases: str = "coverage,fuzzing"
    # Routes that are left out; why is said where runs are listed.
    without: tuple = ()

    @property
    def name(self):
        return f"{self.api}-{self.role}"


@dataclasses.dataclass
class Signers:
    """Who asks, and where: people with sessions, or programs with tokens."""

    url: str
    sessions: list = dataclasses.field(default_factory=list)
    tokens: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Result:
    run: Run
    tests: int
    failures: list
    told: dict


def toml(values, strings, without):
    """A file of settings: what is known to be there stands in every second request, and some texts anywhere."""
    lines = [
        f"[dictionaries.strings]\nvalues = {json.dumps(strings, ensure_ascii=False)}\n",
        '[generation.dictionaries]\nstring = { dictionary = "strings", probability = 0.2 }\n',
    ]
    for route in without:
        lines.append(f'[[operations]]\ninclude-name = "{route}"\nenabled = false\n')
    for place, known in values.items():
        name = place.replace(".", "-")
        lines.append(f"[dictionaries.{name}]\nvalues = {json.dumps(sorted(set(known)), ensure_ascii=False)}\n")
        lines.append(f'[parameters."{place}"]\ndictionary = "{name}"\nprobability = 0.5\n')
    return "\n".join(lines)


def start(run, house, signers, folder, examples, seed):
    """Starts schemathesis for a run; `finish` waits for it."""
    folder = folder / run.name
    folder.mkdir()
    known = {place: value for place, value in house.known.items() if value}
    (folder / "schemathesis.toml").write_text(toml(known, house.strings, run.without), encoding="utf-8")
    command = [
        sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()",
        "--config-file", folder / "schemathesis.toml",
        "run", SERVICES / run.api / "openapi.json", "--url", signers.url + run.below, "--checks", CHECKS,
        "--phases", run.phases, "--max-examples", str(examples), "--seed", str(seed),
        "--generation-database", "none", "--generation-with-security-parameters", "false", "--continue-on-failure",
        "--no-shrink", "--request-timeout", "120", "--suppress-health-check", "all", "--warnings", "off", "--no-color",
        "--report", "junit", "--report-junit-path", folder / "junit.xml",
    ]
    environment = {
        **os.environ,
        "PYTHONPATH": str(HERE),
        "SCHEMATHESIS_HOOKS": "hooks",
        "API_FUZZ_URL": signers.url,
        "API_FUZZ_ROLE": run.role,
        "API_FUZZ_TOLD": str(folder / "told.json"),
        "API_FUZZ_SESSIONS": json.dumps([(one.cookie, one.csrf) for one in signers.sessions]),
        "API_FUZZ_TOKENS": json.dumps(signers.tokens),
    }
    said = open(folder / "said.txt", "w", encoding="utf-8")
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said
    )
    return run, process, folder, said, time.monotonic()


def finish(started):
    """What came of it: each route that was asked is a test."""
    run, process, folder, said, began = started
    code = process.wait(timeout=max(1, RUN_S_MAX - (time.monotonic() - began)))
    said.close()
    said = (folder / "said.txt").read_text(encoding="utf-8", errors="replace")
    failures, tests = [], 0
    report = folder / "junit.xml"
    if report.exists():
        for case in ElementTree.parse(report).iter("testcase"):
            tests += 1
            for bad in [*case.findall("failure"), *case.findall("error")]:
                failures.append(f"{run.name}: {case.get('name')}\n{(bad.text or bad.get('message') or '').strip()}")
    told = json.loads((folder / "told.json").read_text(encoding="utf-8")) if (folder / "told.json").exists() else {}
    if not tests or (code and not failures):
        failures.append(f"{run.name}: schemathesis ended with {code}\n{said[-4000:]}")
    requests, away = told.get("requests", 0), told.get("status 429", 0)
    if requests and away > SENT_AWAY_MAX * requests:
        failures.append(f"{run.name}: {away} of {requests} requests were sent away for being too many")
    return Result(run, tests, failures, told)


def all_of(runs, house, signers, folder, examples, seed, at_once):
    """Runs them all, so many at once; yields each result."""
    waiting, going = list(runs), []
    while waiting or going:
        while waiting and len(going) < at_once:
            going.append(start(waiting.pop(0), house, signers, folder, examples, seed))
        done = [one for one in going if one[1].poll() is not None]
        for one in done:
            going.remove(one)
            yield finish(one)
        if not done:
            time.sleep(0.05)


def listed(every_role):
    """The runs. `/api/v1/live` has no end, and has tests of its own; signing out, here or everywhere else, would end
    the sessions that ask.

    Who may do the most is always asked; the others, who are refused more, where there is time for every role.
    """
    live = ("GET /api/v1/live",)
    leaves = ("DELETE /api/v1/session", "DELETE /api/v1/sessions")
    below = "/api/review"
    everything = "coverage,fuzzing,stateful"
    runs = [
        Run("review", "senior", below, everything),
        Run("accounts", "administrator", phases=everything, without=leaves),
        Run("accounts", "operator", without=leaves),
        Run("workbench", "engineer", phases=everything),
        Run("console", "operator", without=live),
        Run("console", "auditor", without=live),
        *(Run("review", role, below) for role in ("reviewer", "auditor")),
    ]
    if every_role:
        runs += [Run("review", role, below) for role in ("engineer", "operator", "administrator")]
        runs += [Run("workbench", "operator"), Run("console", "engineer", without=live)]
    return runs
