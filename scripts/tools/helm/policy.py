"""What every rendering of the chart has to keep. Each rule yields the problems that it finds."""

import re

from documents import LONG_RUNNING, component_of, containers, name, secrets_of, sites_of, sources, template, workloads
from network import network

SECRET_NAME = re.compile(r"PASSWORD|SECRET|TOKEN|API_?KEY|CREDENTIAL", re.IGNORECASE)
SECRET_LINE = re.compile(r"(password|passwd|secret|token|api[_-]?key)\s*[=:]\s*\S", re.IGNORECASE)
# Commands of the program that the chart runs.
EXISTING = {"ingest", "enforce", "topics", "evidence", "review", "retention", "signs", "console"}
# What a volume may be: scratch, or out of ConfigMaps and Secrets.
VOLUMES = {"emptyDir", "configMap", "secret", "projected"}


def resources(documents, values):
    for document, _, container in containers(documents):
        for side in ("requests", "limits"):
            for amount in ("cpu", "memory"):
                if amount not in container.get("resources", {}).get(side, {}):
                    yield f"{name(document)}: no {side} of {amount}"


def probes(documents, values):
    for document, _, container in containers(documents):
        if document["kind"] in LONG_RUNNING:
            for probe, path in (("startupProbe", "/readyz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")):
                if container.get(probe, {}).get("httpGet", {}).get("path") != path:
                    yield f"{name(document)}: {probe} does not ask {path}"


def restricted(documents, values):
    """The profile `restricted` of Kubernetes' pod security standards, and a read-only root."""
    for document, pod, container in containers(documents):
        outer, inner = pod.get("securityContext", {}), container.get("securityContext", {})
        if outer.get("runAsNonRoot") is not True or not outer.get("runAsUser"):
            yield f"{name(document)}: may run as root"
        if outer.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{name(document)}: no seccomp profile"
        if inner.get("capabilities") != {"drop": ["ALL"]}:
            yield f"{name(document)}: keeps capabilities"
        if inner.get("allowPrivilegeEscalation") is not False or inner.get("privileged"):
            yield f"{name(document)}: may gain privileges"
        if inner.get("readOnlyRootFilesystem") is not True:
            yield f"{name(document)}: writes its root file system"
        if pod.get("automountServiceAccountToken") is not False:
            yield f"{name(document)}: has a token of the cluster"
        for key in ("hostNetwork", "hostPID", "hostIPC"):
            if pod.get(key):
                yield f"{name(document)}: {key}"
        # The console keeps accounts; nothing else keeps anything.
        kept = {"persistentVolumeClaim"} if component_of(document) == "console" else set()
        for volume in pod.get("volumes", []):
            if not set(volume) & (VOLUMES | kept):
                yield f"{name(document)}: volume {volume['name']} is neither scratch, ConfigMap nor Secret"
            for source in volume.get("projected", {}).get("sources", []):
                if not set(source) <= {"configMap", "secret"}:
                    yield f"{name(document)}: volume {volume['name']} has more than ConfigMaps and Secrets in it"


def images(documents, values):
    for document, _, container in containers(documents):
        image = container["image"]
        if "@sha256:" not in image and (":" not in image.rsplit("/", 1)[-1] or image.endswith(":latest")):
            yield f"{name(document)}: image {image} is not pinned"


def secrets(documents, values):
    """No secret in arguments, in plain variables, or in a ConfigMap."""
    inline = [values.get("kafka", {}).get("sasl", {}).get("password"), values.get("qdrant", {}).get("apiKey", {}).get("value")]
    for document, _, container in containers(documents):
        for argument in container.get("args", []):
            if SECRET_LINE.search(argument):
                yield f"{name(document)}: secret in argument {argument}"
        for variable in container.get("env", []):
            if variable["name"].endswith("_FILE") and variable.get("value", "").startswith("/etc/wayside/"):
                continue
            if SECRET_NAME.search(variable["name"]) and "secretKeyRef" not in variable.get("valueFrom", {}):
                yield f"{name(document)}: {variable['name']} does not come from a Secret"
    for document in documents:
        text = str(document)
        if document["kind"] == "ConfigMap" and not document["metadata"]["name"].endswith("-dashboards"):
            for value in document.get("data", {}).values():
                if SECRET_LINE.search(value):
                    yield f"{name(document)}: a line looks like a secret"
        if document["kind"] != "Secret" and any(secret and secret in text for secret in inline):
            yield f"{name(document)}: repeats a secret of the values"


def mounts(documents, values):
    """What is mounted exists as a volume; ConfigMaps of the chart's own name are rendered."""
    for document, pod, container in containers(documents):
        volumes = {volume["name"] for volume in pod.get("volumes", [])}
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in volumes:
                yield f"{name(document)}: {mount['name']} is mounted and no volume"
        own = [source["name"] for source in sources(pod, "configMap")]
        there = {item["metadata"]["name"] for item in documents if item["kind"] == "ConfigMap"}
        given = {site.get("existingConfigMap") for site in values["sites"].values()}
        for wanted in own:
            if wanted not in there | given:
                yield f"{name(document)}: the ConfigMap {wanted} is nowhere"
        claims = {item["metadata"]["name"] for item in documents if item["kind"] == "PersistentVolumeClaim"}
        claims.add(values["console"]["home"]["existingClaim"])
        for volume in pod["volumes"]:
            claim = volume.get("persistentVolumeClaim", {}).get("claimName")
            if claim is not None and claim not in claims:
                yield f"{name(document)}: the volume claim {claim} is nowhere"
        hook = "helm.sh/hook" in document["metadata"].get("annotations", {})
        for item in documents:
            used = item["metadata"]["name"] in own
            if hook and used and item["kind"] == "ConfigMap" and "helm.sh/hook" not in item["metadata"].get("annotations", {}):
                yield f"{name(document)}: needs {name(item)}, which comes after it"


def sharing(documents, values):
    """Each site is read by one worker of one pod; enforcers judge all; a worker has its own passwords only."""
    taken = []
    for document, pod in workloads(documents):
        component = component_of(document)
        sites = sites_of(pod)
        if component == "ingest":
            taken += sites
            if document["kind"] != "StatefulSet" or document["spec"]["replicas"] != 1:
                yield f"{name(document)}: its cameras may be read twice"
            wanted = {entry["env"] for site in sites for entry in values["sites"][site].get("passwords", [])}
            every = {entry["env"] for site in values["sites"].values() for entry in site.get("passwords", [])}
            found = {variable["name"] for variable in pod["containers"][0]["env"]} & every
            if found != wanted:
                yield f"{name(document)}: passwords {sorted(found)}, wanted {sorted(wanted)}"
        if component in ("enforce", "signs", "console") and sorted(sites) != sorted(values["sites"]):
            yield f"{name(document)}: does not take every site"
        # One writer of messages, and one program on the file of accounts: the old one ends before the new one starts.
        ends_first = document["kind"] == "StatefulSet" or document["spec"].get("strategy") == {"type": "Recreate"}
        if component in ("signs", "console") and (document["spec"]["replicas"] != 1 or not ends_first):
            yield f"{name(document)}: may run twice"
    if values["ingest"]["enabled"] and sorted(taken) != sorted(values["sites"]):
        yield f"sites of workers are {sorted(taken)}"


# Which Secrets of the values each part may see: nobody holds a key that it does not need.
KEPT = {
    "signing": ("evidence",),
    "clips": ("evidence", "ingest", "console"),
    "database": ("review", "retention", "console"),
    "tokens": ("review", "console"),
    "vault": ("review", "console"),
    "store": ("evidence", "review", "retention", "console"),
    "oidc": ("console",),
    "console-tls": ("console",),
    "signs-tls": ("signs",),
    "signs": ("signs",),
}


def keys(documents, values):
    """The key that seals is with evidence alone, the keys of plates and the tokens with review and the console, the
    secrets of signs with signs alone, which have no other."""
    given = [
        ("signing", values["evidence"]["signingKey"]["existingSecret"]),
        ("clips", values["clips"]["token"]["existingSecret"]),
        ("database", values["database"]["existingSecret"]),
        ("tokens", values["review"]["tokens"]["existingSecret"]),
        ("vault", values["review"]["vaultKeys"]["existingSecret"]),
        ("store", values["store"]["credentials"]["existingSecret"]),
        ("oidc", values["console"]["oidc"]["existingSecret"]),
        ("console-tls", values["console"]["tls"]["existingSecret"]),
        ("signs-tls", values["signs"]["tls"]["existingSecret"]),
        *(("signs", site.get("signs", {}).get("existingSecret")) for site in values["sites"].values()),
    ]
    for document, pod in workloads(documents):
        files = secrets_of(pod)
        variables = {
            variable["valueFrom"]["secretKeyRef"]["name"]
            for container in pod["containers"] for variable in container.get("env", [])
            if "secretKeyRef" in variable.get("valueFrom", {})
        }
        for key, secret in given:
            if secret and secret in files | variables and component_of(document) not in KEPT[key]:
                yield f"{name(document)}: holds the Secret {secret} ({key})"


def scaling(documents, values):
    """An autoscaler and a number of replicas do not fight; the autoscaler's target is there."""
    by_name = {(d["kind"], d["metadata"]["name"]): d for d in documents}
    for document in documents:
        if document["kind"] in ("HorizontalPodAutoscaler", "ScaledObject"):
            target = document["spec"]["scaleTargetRef"]
            aim = by_name.get((target["kind"], target["name"]))
            if aim is None:
                yield f"{name(document)}: its target is nowhere"
            elif "replicas" in aim["spec"]:
                yield f"{name(document)}: its target has a number of its own"


def commands(documents, values):
    """Only commands that the program has, each in the pods that are called so."""
    for document, _, container in containers(documents):
        if container["args"][0] not in EXISTING:
            yield f"{name(document)}: `wayside {container['args'][0]}` does not exist"
        elif container["args"][0] != component_of(document):
            yield f"{name(document)}: runs `wayside {container['args'][0]}`"


def budgets(documents, values):
    """What runs for long has a disruption budget that lets nodes be drained."""
    made = [document for document in documents if document["kind"] == "PodDisruptionBudget"]
    for document, _ in workloads(documents):
        if document["kind"] in ("Job", "CronJob"):
            continue
        labels = template(document)["metadata"]["labels"]
        over = [b for b in made if all(labels.get(k) == v for k, v in b["spec"]["selector"]["matchLabels"].items())]
        if len(over) != 1 or not over[0]["spec"].get("maxUnavailable"):
            yield f"{name(document)}: {len(over)} disruption budgets that let a node be drained"


def pages(documents, values):
    """The Service of the public pages leads to them and to nothing else; that of metrics never leads out of the cluster."""
    for document in documents:
        if document["kind"] != "Service":
            continue
        named = {port["name"] for port in document["spec"]["ports"]}
        if document["metadata"]["name"].endswith("-signs-pages"):
            if named != {"web"} or "wayside/metrics" in document["metadata"]["labels"]:
                yield f"{name(document)}: has more than the pages"
        elif document["spec"].get("type", "ClusterIP") != "ClusterIP":
            yield f"{name(document)}: leads out of the cluster"


def people(documents, values):
    """Whoever signs in does so under the address of the values, over TLS here or in front; accounts outlive the pod."""
    for document, pod, container in containers(documents):
        if component_of(document) != "console":
            continue
        url = values["console"]["publicUrl"]
        if not url.startswith("https://") or f"--public-url={url}" not in container["args"]:
            yield f"{name(document)}: is not known under its address over TLS"
        if values["console"]["tls"]["existingSecret"] and not any(a.startswith("--console-tls-cert=") for a in container["args"]):
            yield f"{name(document)}: speaks no TLS"
        home = next((arg.split("=", 1)[1] for arg in container["args"] if arg.startswith("--home=")), None)
        claims = {volume["name"] for volume in pod["volumes"] if "persistentVolumeClaim" in volume}
        if home not in {mount["mountPath"] for mount in container["volumeMounts"] if mount["name"] in claims}:
            yield f"{name(document)}: accounts go with the pod"
    for document in documents:
        if document["kind"] == "PersistentVolumeClaim":
            if document["metadata"].get("annotations", {}).get("helm.sh/resource-policy") != "keep":
                yield f"{name(document)}: goes with the release"


RULES = (resources, probes, restricted, images, secrets, keys, mounts, network, sharing, scaling, commands, budgets, pages, people)


def problems(documents, values):
    return [f"{rule.__name__}: {problem}" for rule in RULES for problem in rule(documents, values)]
