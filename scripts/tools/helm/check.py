"""Checks the chart beyond lint and schemas; ends with a count that scripts/count_tests.sh reads.

    check.py HELM CHART RENDERED KUBERNETES_VERSION

RENDERED holds the rendering of each CHART/ci/NAME.yaml as NAME.yaml.
"""

import copy
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

import compose
import mutations
import options
import policy

helm, kubernetes = sys.argv[1], sys.argv[4]
chart, rendered = pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
here = pathlib.Path(__file__).parent
passed = failed = 0


def case(name, problems):
    global passed, failed
    if problems:
        failed += 1
        print(f"FAIL {name}")
        for problem in problems:
            print(f"     {problem}")
    else:
        passed += 1
        print(f"ok   {name}")


def load(path):
    return yaml.safe_load(path.read_text())


def over(values, more):
    """Helm's way of laying values over others."""
    result = dict(values)
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = over(result[key], value)
        else:
            result[key] = value
    return result


def documents_of(name):
    return [document for document in yaml.safe_load_all((rendered / f"{name}.yaml").read_text()) if document]


def template(variant, extra):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump(extra, file)
        file.flush()
        command = [helm, "template", "x", str(chart), "--kube-version", kubernetes, "--values", str(chart / "ci" / f"{variant}.yaml"), "--values", file.name]
        return subprocess.run(command, capture_output=True, text=True)


def closed(schema, path, problems):
    """Objects refuse unknown keys, and every value is described."""
    if "$ref" in schema:
        return
    if "description" not in schema:
        problems.append(f"{path}: no description")
    if "object" in (schema.get("type") or ""):
        if schema.get("additionalProperties") is None:
            problems.append(f"{path}: takes unknown keys")
        for key, value in schema.get("properties", {}).items():
            closed(value, f"{path}.{key}", problems)
        if isinstance(schema.get("additionalProperties"), dict):
            closed(schema["additionalProperties"], f"{path}.*", problems)
    if "items" in schema:
        closed(schema["items"], f"{path}[]", problems)


def known(schema, root, values, path, problems):
    """Every key of the schema has a default in values.yaml, so that who reads that sees all there is."""
    if "$ref" in schema:
        schema = root["definitions"][schema["$ref"].rsplit("/", 1)[1]]
    for key, value in schema.get("properties", {}).items():
        if key not in values:
            if (path, key) != ("", "global") and not path.endswith((".requests", ".limits")):
                problems.append(f"{path}.{key} has no default in values.yaml")
        elif isinstance(values[key], dict):
            known(value, root, values[key], f"{path}.{key}", problems)


def schema_cases():
    schema = json.loads((chart / "values.schema.json").read_text())
    problems = []
    closed(schema, "values", problems)
    for name, definition in schema["definitions"].items():
        closed(definition, name, problems)
    case("schema: closed and described", problems)
    problems = []
    known(schema, schema, load(chart / "values.yaml"), "", problems)
    case("schema: every key has a default", problems)


def variant_cases(defaults):
    names = sorted(path.stem for path in (chart / "ci").glob("*.yaml"))
    case("variants: there are some", [] if len(names) >= 8 else [f"only {names}"])
    for name in names:
        values = over(defaults, load(chart / "ci" / f"{name}.yaml"))
        case(f"policy: {name}", policy.problems(documents_of(name), values))


def default_cases():
    """What the defaults switch on is what the program has."""
    components = {
        document["metadata"]["labels"]["app.kubernetes.io/component"]
        for document, _ in policy.workloads(documents_of("minimal"))
    }
    # What needs keys, a store or a database is switched on by who has them.
    needs_nothing = {"ingest", "enforce", "topics"}
    case("defaults: only ingest, enforce and topics", [] if components == needs_nothing else [str(components)])
    everything = {
        document["metadata"]["labels"]["app.kubernetes.io/component"]
        for document, _ in policy.workloads(documents_of("all-components"))
    }
    case("all components: all eight", [] if everything == policy.EXISTING else [str(everything)])
    second = [document for document, _ in policy.workloads(documents_of("signs-second-place"))]
    case("second place of signs: signs alone", [] if [policy.component_of(d) for d in second] == ["signs"] else [str(second)])


def spread_cases():
    loads = [len(policy.sites_of(pod)) for document, pod in policy.workloads(documents_of("big-city")) if document["kind"] == "StatefulSet"]
    case("big city: 40 sites evenly over 10 workers", [] if loads == [4] * 10 else [str(loads)])


# Enforcers export it; on the page as soon as they do.
PROMISED = {"wayside_consumer_lag_records"}


def folder_cases():
    """Secrets of signs lie where site files look for them, and site files beside them."""
    pod = next(pod for document, pod in policy.workloads(documents_of("console-signs")) if policy.component_of(document) == "signs")
    volumes = {volume["name"]: volume["projected"]["sources"] for volume in pod["volumes"] if "projected" in volume}
    paths = lambda site: sorted(item["path"] for source in volumes[f"site-{site}"] for item in source.get("secret", {}).get("items", []))
    found = (paths("ring-north"), paths("station"))
    case("signs: secrets beside the site file", [] if found == (["secrets/north_in.auth", "secrets/north_in.privacy"], ["matrix.community"]) else [str(found)])


def metric_cases():
    """Metrics that the chart asks for exist in docs/metrics.md."""
    page = (chart.parent.parent / "docs" / "metrics.md").read_text()
    asked = set()
    for path in [chart / "values.yaml", chart / "templates" / "monitoring.yaml"]:
        asked |= set(re.findall(r"\bwayside_[a-z_]+", path.read_text()))
    problems = [f"{name} is not in docs/metrics.md" for name in sorted(asked - PROMISED) if f"`{re.sub('_bucket$', '', name)}`" not in page]
    case("metrics: those of alerts and autoscaling exist", problems if asked else ["none found"])


def mutation_cases(defaults):
    for variant, faults in (("tls-sasl", mutations.MUTATIONS), ("evidence", mutations.EVIDENCE_MUTATIONS), ("console-signs", mutations.CONSOLE_MUTATIONS)):
        values = over(defaults, load(chart / "ci" / f"{variant}.yaml"))
        sound = documents_of(variant)
        for name, rule, mutate in faults:
            documents = copy.deepcopy(sound)
            mutate(documents)
            found = policy.problems(documents, values)
            seen = any(problem.startswith(f"{rule}: ") for problem in found)
            case(f"fault is seen: {name}", [] if seen else [f"{rule} says nothing; others: {found}"])


def refused_cases():
    for entry in load(here / "refused.yaml"):
        run = template(entry["base"], entry["with"])
        problems = []
        if run.returncode == 0:
            problems.append("was accepted")
        elif entry["says"] not in run.stderr:
            problems.append(f"wanted {entry['says']!r} in:\n{run.stderr}")
        case(f"refused: {entry['name']}", problems)


NOTES = """apiVersion: v1
kind: ConfigMap
metadata: { name: notes }
data:
  text: |
    {{- include "wayside/templates/NOTES.txt" . | nindent 4 }}
"""


def notes_cases():
    """What is said after an install; only a cluster sees it otherwise."""
    with tempfile.TemporaryDirectory() as scratch:
        copied = pathlib.Path(scratch) / "wayside"
        shutil.copytree(chart, copied)
        (copied / "templates" / "notes.yaml").write_text(NOTES)
        for variant, warnings, says, *values in (
            ("minimal", 0, "x-wayside-ingest-w0: junction"),
            ("inline-secrets", 2, "Use kafka.sasl.existingSecret"),
            ("all-components", 1, "Console: https://wayside.city.example, served by http://x-wayside-console."),
            ("all-components", 2, "Use console.trustedProxies", "console.trustedProxies=null"),
            ("evidence", 0, "Review: https://x-wayside-review."),
            ("console-signs", 0, "exec x-wayside-console-0 -- wayside accounts --accounts /var/lib/wayside-console/accounts.sqlite --public-url https://wayside.city.example:8443 add"),
            ("signs-second-place", 0, "Signs, as others write them: https://x-second-signs-pages."),
        ):
            command = [helm, "template", "x", str(copied), "--kube-version", kubernetes, "--values", str(chart / "ci" / f"{variant}.yaml"), "--show-only", "templates/notes.yaml"]
            command += [word for value in values for word in ("--set", value)]
            run = subprocess.run(command, capture_output=True, text=True)
            text = yaml.safe_load(run.stdout)["data"]["text"] if run.returncode == 0 else run.stderr
            right = text.count("WARNING") == warnings and says in text and "only-for-a-try" not in text
            case(" ".join(["notes:", variant, *values]), [] if right else [text])


def option_cases():
    """What chart and compose.yaml give to the program are options that it has."""
    root = chart.parent.parent
    names = options.known(root / "services" / "wayside" / "src")
    case("options: the sources tell them", [] if {"kafka", "http", "signs-tls-cert", "verify-key"} <= names else [str(sorted(names))])
    case("options: one that there is not is seen", [] if options.unknown(["--kafka=x", "--nowhere=x"], names) == ["nowhere"] else ["no"])
    problems = []
    for path in sorted(rendered.glob("*.yaml")):
        for document, _, container in policy.containers(documents_of(path.stem)):
            problems += [f"{path.stem}, {policy.name(document)}: --{option}" for option in options.unknown(container["args"], names)]
    case("options: those of the chart exist", problems)
    problems = []
    for name, service in load(root / "compose.yaml")["services"].items():
        if "build" in service and "entrypoint" not in service:
            problems += [f"{name}: --{option}" for option in options.unknown(service["command"], names)]
    case("options: those of compose.yaml exist", problems)


def compose_cases():
    root = chart.parent.parent
    sound = load(root / "compose.yaml")
    case("compose.yaml: references, images, health, confinement", list(compose.problems(sound)))
    for word, mutate in compose.FAULTS.items():
        faulty = copy.deepcopy(sound)
        mutate(faulty)
        found = list(compose.problems(faulty))
        case(f"fault in compose.yaml is seen: {word}", [] if any(word in problem for problem in found) else found or ["nothing"])


def main():
    defaults = load(chart / "values.yaml")
    schema_cases()
    variant_cases(defaults)
    default_cases()
    spread_cases()
    folder_cases()
    metric_cases()
    mutation_cases(defaults)
    notes_cases()
    option_cases()
    compose_cases()
    refused_cases()
    print(f"test result: {'FAILED' if failed else 'ok'}. {passed} passed; {failed} failed; 0 ignored")
    sys.exit(1 if failed else 0)


main()
