"""Which rules of the network each part has: those that it needs, and no other."""

from documents import name, sites_of, template, workloads


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
            for other in asking(values):
                wanted_in.append({"from": pods(other), "ports": clips})
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
        elif component == "console":
            asked = [{"to": pods("ingest"), "ports": clips}] if "console" in asking(values) else []
            asked += [place("oidc")] if values["console"]["oidc"]["existingSecret"] else []
            asked += [place("webhooks")] if values["review"]["webhooks"] else []
            wanted_out = base + [place("store"), place("database")] + asked
            wanted_in = metrics + [{"from": peers(where["console"]["from"]), "ports": ports([values["console"]["port"]])}]
        elif component == "signs":
            wanted_out = list(base)
            for site in sites_of(pod):
                told = values["sites"][site].get("signs", {})
                if told.get("cidrs"):
                    blocks = [{"ipBlock": {"cidr": cidr}} for cidr in told["cidrs"]]
                    wanted_out.append({"to": blocks, "ports": ports(told.get("ports", [161]), ("UDP",))})
            wanted_in = metrics + [{"from": peers(where["signs"]["from"]), "ports": ports([values["signs"]["port"]])}]
        elif component == "retention":
            wanted_out, wanted_in = base + [place("store"), place("database")], []
        else:
            continue
        for side, found, wanted in (("to", egress, wanted_out), ("from", ingress, wanted_in)):
            if any(not rule.get(side) or not rule.get("ports") for rule in found):
                yield f"{name(document)}: a rule without {side} or ports"
            elif sorted(sorted_rule(rule, side) for rule in found) != sorted(sorted_rule(rule, side) for rule in wanted):
                yield f"{name(document)}: network rules ({side}) are not those that it needs"


def asking(values):
    """The parts that ask workers for pictures."""
    live = values["console"]["enabled"] and values["console"]["livePictures"]
    return [part for part, asks in (("evidence", values["evidence"]["enabled"]), ("console", live)) if asks]
