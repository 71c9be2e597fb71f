"""What every rendering of the chart has to keep. Each rule yields the problems that it finds."""

import re

LONG_RUNNING = ("Deployment", "StatefulSet")
SECRET_NAME = re.compile(r"PASSWORD|SECRET|TOKEN|API_?KEY|CREDENTIAL", re.IGNORECASE)
SECRET_LINE = re.compile(r"(password|passwd|secret|token|api[_-]?key)\s*[=:]\s*\S", re.IGNORECASE)
# Parts of the program that there are; everything else is switched off until there is one.
EXISTING = {"ingest", "enforce", "topics", "evidence", "review", "retention"}


def name(document):
    return f"{document['kind']} {document['metadata']['name']}"


def template(document):
    spec = document["spec"]
    return (spec["jobTemplate"]["spec"] if document["kind"] == "CronJob" else spec)["template"]


def component_of(document):
    return template(document)["metadata"]["labels"]["app.kubernetes.io/component"]


def workloads(documents):
    for document in documents:
        if document["kind"] in (*LONG_RUNNING, "Job", "CronJob"):
            yield document, template(document)["spec"]


def containers(documents):
    for document, pod in workloads(documents):
        for container in pod.get("initContainers", []) + pod["containers"]:
            yield document, pod, container


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
        for volume in pod.get("volumes", []):
            if not set(volume) & {"emptyDir", "configMap", "secret"}:
                yield f"{name(document)}: volume {volume['name']} is neither scratch, ConfigMap nor Secret"


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
        own = [volume["configMap"]["name"] for volume in pod["volumes"] if "configMap" in volume]
        there = {item["metadata"]["name"] for item in documents if item["kind"] == "ConfigMap"}
        given = {site.get("existingConfigMap") for site in values["sites"].values()}
        for wanted in own:
            if wanted not in there | given:
                yield f"{name(document)}: the ConfigMap {wanted} is nowhere"
        hook = "helm.sh/hook" in document["metadata"].get("annotations", {})
        for item in documents:
            used = item["metadata"]["name"] in own
            if hook and used and item["kind"] == "ConfigMap" and "helm.sh/hook" not in item["metadata"].get("annotations", {}):
                yield f"{name(document)}: needs {name(item)}, which comes after it"


def selected(policy, labels):
    wanted = policy["spec"]["podSelector"].get("matchLabels", {})
    return all(labels.get(key) == value for key, value in wanted.items())


def labels_of_release(labels):
    return {key: value for key, value in labels.items() if key in ("app.kubernetes.io/name", "app.kubernetes.io/instance")}


def peers(entries):
    """Peers of the values as the policy writes them."""
    result = []
    for entry in entries:
        if "cidr" in entry:
            result.append({"ipBlock": {"cidr": entry["cidr"]}})
        else:
            peer = {}
            if "namespaceLabels" in entry:
                peer["namespaceSelector"] = {"matchLabels": entry["namespaceLabels"]}
            if "podLabels" in entry:
                peer["podSelector"] = {"matchLabels": entry["podLabels"]}
            result.append(peer)
    return result


def ports(numbers, protocols=("TCP",)):
    return [{"protocol": protocol, "port": number} for number in numbers for protocol in protocols]


def sorted_rule(rule, side):
    return (sorted(map(repr, rule[side])), sorted(map(repr, rule["ports"])))


DATAGRAMS = {"protocol": "UDP", "port": 1024, "endPort": 65535}


def network(documents, values):
    """Each pod is under a policy for both directions, and a pod of ingest reaches names, the bus and
    the cameras of its own sites: these rules and no other."""
    policies = [document for document in documents if document["kind"] == "NetworkPolicy"]
    where = values["networkPolicy"]
    if not where["enabled"]:
        if policies:
            yield "policies although they are switched off"
        return
    base = [
        {"to": peers(where["dns"]["to"]), "ports": ports(where["dns"]["ports"], ("UDP", "TCP"))},
        {"to": peers(where["kafka"]["to"]), "ports": ports(where["kafka"]["ports"])},
    ]
    collectors = where["prometheus"]["from"]
    metrics = [{"from": peers(collectors), "ports": ports([values["http"]["port"]])}] if collectors else []
    for document, pod in workloads(documents):
        labels = template(document)["metadata"]["labels"]
        over = [policy for policy in policies if selected(policy, labels)]
        for direction in ("Ingress", "Egress"):
            if not any(direction in policy["spec"]["policyTypes"] for policy in over):
                yield f"{name(document)}: no policy for {direction}"
        egress = [rule for policy in over for rule in policy["spec"].get("egress") or []]
        ingress = [rule for policy in over for rule in policy["spec"].get("ingress") or []]
        for rule in egress:
            if not rule.get("to") or not rule.get("ports"):
                yield f"{name(document)}: reaches everything"
        component = labels["app.kubernetes.io/component"]
        place = lambda key: {"to": peers(where[key]["to"]), "ports": ports(where[key]["ports"])}
        pods = lambda other: [{"podSelector": {"matchLabels": {**labels_of_release(labels), "app.kubernetes.io/component": other}}}]
        clips = ports([values["clips"]["port"]])
        if component == "topics":
            wanted_out, wanted_in = base, []
        elif component == "enforce":
            index = [{"to": peers(where["qdrant"]["to"]), "ports": ports(where["qdrant"]["ports"])}]
            wanted_out, wanted_in = base + (index if values["qdrant"]["url"] else []), metrics
        elif component == "ingest":
            wanted_out, wanted_in = list(base), list(metrics)
            if values["evidence"]["enabled"]:
                wanted_in.append({"from": pods("evidence"), "ports": clips})
            for site in sites_of(pod):
                cameras = values["sites"][site]["cameras"]
                blocks = [{"ipBlock": {"cidr": cidr}} for cidr in cameras["cidrs"]]
                datagrams = [DATAGRAMS] if cameras.get("udp") else []
                wanted_out.append({"to": blocks, "ports": ports(cameras.get("ports", [554])) + datagrams})
                if datagrams:
                    wanted_in.append({"from": blocks, "ports": datagrams})
        elif component == "evidence":
            wanted_out, wanted_in = base + [place("store"), {"to": pods("ingest"), "ports": clips}], metrics
        elif component == "review":
            sent = [place("webhooks")] if values["review"]["webhooks"] else []
            wanted_out = base + [place("store"), place("database")] + sent
            wanted_in = metrics + [{"from": peers(where["review"]["from"]), "ports": ports([values["review"]["port"]])}]
        elif component == "retention":
            wanted_out, wanted_in = base + [place("store"), place("database")], []
        else:
            continue
        for side, found, wanted in (("to", egress, wanted_out), ("from", ingress, wanted_in)):
            if any(not rule.get(side) or not rule.get("ports") for rule in found):
                yield f"{name(document)}: a rule without {side} or ports"
            elif sorted(sorted_rule(rule, side) for rule in found) != sorted(sorted_rule(rule, side) for rule in wanted):
                yield f"{name(document)}: network rules ({side}) are not those that it needs"


def sites_of(pod):
    prefix = "/etc/wayside/sites/"
    return [arg[len(prefix):].split("/")[0] for arg in pod["containers"][0]["args"] if arg.startswith(prefix)]


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
        if component == "enforce" and sorted(sites) != sorted(values["sites"]):
            yield f"{name(document)}: does not judge every site"
    if values["ingest"]["enabled"] and sorted(taken) != sorted(values["sites"]):
        yield f"sites of workers are {sorted(taken)}"


# Which Secrets of the values each part may see: nobody holds a key that it does not need.
KEPT = {
    "signing": ("evidence",),
    "clips": ("evidence", "ingest"),
    "database": ("review", "retention"),
    "tokens": ("review",),
    "vault": ("review",),
    "store": ("evidence", "review", "retention"),
}


def keys(documents, values):
    """The key that seals is with evidence alone, the keys of plates and the accounts with review alone."""
    names = {
        "signing": values["evidence"]["signingKey"]["existingSecret"],
        "clips": values["clips"]["token"]["existingSecret"],
        "database": values["database"]["existingSecret"],
        "tokens": values["review"]["tokens"]["existingSecret"],
        "vault": values["review"]["vaultKeys"]["existingSecret"],
        "store": values["store"]["credentials"]["existingSecret"],
    }
    for document, pod in workloads(documents):
        files = {volume["secret"]["secretName"] for volume in pod["volumes"] if "secret" in volume}
        variables = {
            variable["valueFrom"]["secretKeyRef"]["name"]
            for container in pod["containers"] for variable in container.get("env", [])
            if "secretKeyRef" in variable.get("valueFrom", {})
        }
        for key, secret in names.items():
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
    """Only commands that the program has, unless the values switch others on by name."""
    asked = {part for part in ("signs", "console") if values[part]["enabled"]}
    for document, _, container in containers(documents):
        if container["args"][0] not in EXISTING | asked:
            yield f"{name(document)}: `wayside {container['args'][0]}` does not exist"


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


RULES = (resources, probes, restricted, images, secrets, keys, mounts, network, sharing, scaling, commands, budgets)


def problems(documents, values):
    return [f"{rule.__name__}: {problem}" for rule in RULES for problem in rule(documents, values)]
