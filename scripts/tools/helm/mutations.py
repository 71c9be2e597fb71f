"""Faults put into a sound rendering: each must be found by the rule that it names, or the rule is blind."""


def pod(documents, component):
    for document in documents:
        if document["kind"] in ("Deployment", "StatefulSet", "Job"):
            template = document["spec"]["template"]
            if template["metadata"]["labels"]["app.kubernetes.io/component"] == component:
                return document, template["spec"], template["spec"]["containers"][0]
    raise LookupError(component)


def policy(documents, ending):
    return next(d for d in documents if d["kind"] == "NetworkPolicy" and d["metadata"]["name"].endswith(ending))


def drop(kind):
    def mutate(documents):
        documents[:] = [document for document in documents if document["kind"] != kind]
    return mutate


def double(documents):
    document, _, _ = pod(documents, "ingest")
    document["spec"]["replicas"] = 2


def internet(documents):
    policy(documents, "-ingest-north")["spec"]["egress"].append({"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"port": 443, "protocol": "TCP"}]})


def neighbour(documents):
    """The cameras of another worker's site."""
    rule = policy(documents, "-ingest-station")["spec"]["egress"][-1]
    rule["to"] = [{"ipBlock": {"cidr": "10.20.0.0/28"}}]


def anywhere(documents):
    policy(documents, "-ingest-north")["spec"]["egress"].append({"ports": [{"port": 9093, "protocol": "TCP"}]})


def visitors(documents):
    policy(documents, "-ingest-north")["spec"]["ingress"].append({"from": [{"podSelector": {}}], "ports": [{"port": 9464, "protocol": "TCP"}]})


def unwatched(documents):
    documents[:] = [d for d in documents if not (d["kind"] == "NetworkPolicy" and "-enforce" in d["metadata"]["name"])]


def plain(documents):
    pod(documents, "ingest")[2]["env"].append({"name": "NORTH_PASSWORD", "value": "x"})


def strange_password(documents):
    pod(documents, "enforce")[2]["env"].append({"name": "NORTH_PASSWORD", "value": "x"})


def config(documents):
    next(d for d in documents if d["kind"] == "ConfigMap")["data"]["kafka.properties"] += "\nsasl.password=x"


def both(documents):
    document, _, _ = pod(documents, "enforce")
    documents.append({"kind": "HorizontalPodAutoscaler", "metadata": {"name": "h"}, "spec": {"scaleTargetRef": {"kind": "Deployment", "name": document["metadata"]["name"]}}})


# On the variant tls-sasl: what is done, and the rule that must see it.
MUTATIONS = (
    ("no memory limit", "resources", lambda d: pod(d, "enforce")[2]["resources"]["limits"].pop("memory")),
    ("no readiness probe", "probes", lambda d: pod(d, "ingest")[2].pop("readinessProbe")),
    ("root allowed", "restricted", lambda d: pod(d, "topics")[1]["securityContext"].pop("runAsNonRoot")),
    ("root file system written", "restricted", lambda d: pod(d, "ingest")[2]["securityContext"].pop("readOnlyRootFilesystem")),
    ("a capability kept", "restricted", lambda d: pod(d, "ingest")[2]["securityContext"]["capabilities"].update(add=["NET_ADMIN"])),
    ("network of the node", "restricted", lambda d: pod(d, "ingest")[1].update(hostNetwork=True)),
    ("folder of the node", "restricted", lambda d: pod(d, "ingest")[1]["volumes"].append({"name": "h", "hostPath": {"path": "/"}})),
    ("image latest", "images", lambda d: pod(d, "ingest")[2].update(image="wayside:latest")),
    ("image without a tag", "images", lambda d: pod(d, "ingest")[2].update(image="registry:5000/wayside")),
    ("password as a plain variable", "secrets", plain),
    ("password as an argument", "secrets", lambda d: pod(d, "enforce")[2]["args"].append("--kafka-password=x")),
    ("password in a ConfigMap", "secrets", config),
    ("mount of nothing", "mounts", lambda d: pod(d, "ingest")[2]["volumeMounts"].append({"name": "nothing", "mountPath": "/x"})),
    ("ConfigMaps forgotten", "mounts", drop("ConfigMap")),
    ("policies forgotten", "network", drop("NetworkPolicy")),
    ("enforce's policy forgotten", "network", unwatched),
    ("a way to the internet", "network", internet),
    ("a neighbour's cameras", "network", neighbour),
    ("a rule for everywhere", "network", anywhere),
    ("visitors at ingest", "network", visitors),
    ("a camera read twice", "sharing", double),
    ("a site forgotten", "sharing", lambda d: pod(d, "enforce")[2]["args"].pop(1)),
    ("autoscaler against a number", "scaling", both),
    ("a command that does not exist", "commands", lambda d: pod(d, "enforce")[2]["args"].__setitem__(0, "review")),
    ("budgets forgotten", "budgets", drop("PodDisruptionBudget")),
)
