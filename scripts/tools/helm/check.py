"""Checks the chart beyond lint and schemas; ends with a count that scripts/count_tests.sh reads.

    check.py HELM CHART RENDERED KUBERNETES_VERSION

RENDERED holds the rendering of each CHART/ci/NAME.yaml as NAME.yaml.
"""

import copy
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

import mutations
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
    case("defaults: only ingest, enforce and topics", [] if components == policy.EXISTING else [str(components)])
    everything = {
        document["metadata"]["labels"]["app.kubernetes.io/component"]
        for document, _ in policy.workloads(documents_of("all-components"))
    }
    wanted = policy.EXISTING | {"evidence", "review", "signs", "console"}
    case("all components: all seven", [] if everything == wanted else [str(everything)])


def spread_cases():
    loads = [len(policy.sites_of(pod)) for document, pod in policy.workloads(documents_of("big-city")) if document["kind"] == "StatefulSet"]
    case("big city: 40 sites evenly over 10 workers", [] if loads == [4] * 10 else [str(loads)])


# Enforcers export it; on the page as soon as they do.
PROMISED = {"wayside_consumer_lag_records"}


def metric_cases():
    """Metrics that the chart asks for exist in docs/metrics.md."""
    page = (chart.parent.parent / "docs" / "metrics.md").read_text()
    asked = set()
    for path in [chart / "values.yaml", chart / "templates" / "monitoring.yaml"]:
        asked |= set(re.findall(r"\bwayside_[a-z_]+", path.read_text()))
    problems = [f"{name} is not in docs/metrics.md" for name in sorted(asked - PROMISED) if f"`{re.sub('_bucket$', '', name)}`" not in page]
    case("metrics: those of alerts and autoscaling exist", problems if asked else ["none found"])


def mutation_cases(defaults):
    values = over(defaults, load(chart / "ci" / "tls-sasl.yaml"))
    sound = documents_of("tls-sasl")
    for name, rule, mutate in mutations.MUTATIONS:
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


def compose_problems(compose):
    """What compose-check does not look for: references, pinned images, health, and the pixels' confinement."""
    services = compose["services"]
    for name, service in services.items():
        for network in service.get("networks", []):
            if network not in compose["networks"]:
                yield f"{name}: network {network} is nowhere"
        for volume in service.get("volumes", []):
            if volume.split(":")[0] not in compose["volumes"]:
                yield f"{name}: volume {volume} is nowhere"
        for config in service.get("configs", []):
            if config["source"] not in compose["configs"]:
                yield f"{name}: config {config['source']} is nowhere"
        for other, how in service.get("depends_on", {}).items():
            if other not in services:
                yield f"{name}: waits for {other}, which is nowhere"
            elif how["condition"] == "service_healthy" and "healthcheck" not in services[other]:
                yield f"{name}: waits for the health of {other}, which has no check"
        if not re.search(r":v?[0-9]+\.[0-9.]+[a-z0-9-]*$", service["image"]):
            yield f"{name}: image {service['image']} is not pinned"
        if service.get("restart") and "healthcheck" not in service:
            yield f"{name}: runs for long and has no health check"
    for network in services["ingest"]["networks"]:
        if not compose["networks"][network].get("internal"):
            yield f"ingest: the network {network} leads out"
    if services["ingest"].get("ports"):
        yield "ingest: publishes ports"


def compose_cases():
    root = chart.parent.parent
    sound = load(root / "compose.yaml")
    case("compose.yaml: references, images, health, confinement", list(compose_problems(sound)))
    faults = {
        "network": lambda c: c["services"]["enforce"].update(networks=["nowhere"]),
        "volume": lambda c: c["services"]["kafka"].update(volumes=["nowhere:/x"]),
        "config": lambda c: c["services"]["prometheus"].update(configs=[{"source": "nowhere"}]),
        "waits for": lambda c: c["services"]["ingest"]["depends_on"].update(nowhere={"condition": "service_started"}),
        "not pinned": lambda c: c["services"]["qdrant"].update(image="qdrant/qdrant:latest"),
        "no health check": lambda c: c["services"]["enforce"].pop("healthcheck"),
        "leads out": lambda c: c["services"]["ingest"]["networks"].append("front"),
    }
    for word, mutate in faults.items():
        compose = copy.deepcopy(sound)
        mutate(compose)
        found = list(compose_problems(compose))
        case(f"fault in compose.yaml is seen: {word}", [] if any(word in problem for problem in found) else found or ["nothing"])


def main():
    defaults = load(chart / "values.yaml")
    schema_cases()
    variant_cases(defaults)
    default_cases()
    spread_cases()
    metric_cases()
    mutation_cases(defaults)
    compose_cases()
    refused_cases()
    print(f"test result: {'FAILED' if failed else 'ok'}. {passed} passed; {failed} failed; 0 ignored")
    sys.exit(1 if failed else 0)


main()
