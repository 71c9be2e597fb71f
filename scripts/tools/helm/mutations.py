"""Faults put into a sound rendering: each must be found by the rule that it names, or the rule is blind."""


def pod(documents, component):
    for document in documents:
        if document["kind"] in ("Deployment", "StatefulSet", "Job", "CronJob"):
            spec = document["spec"]
            template = (spec["jobTemplate"]["spec"] if document["kind"] == "CronJob" else spec)["template"]
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


def to(component, ending, side, cidr, port):
    """A rule that the values do not have."""
    def mutate(documents):
        other = {"to": "egress", "from": "ingress"}[side]
        rule = {side: [{"ipBlock": {"cidr": cidr}}], "ports": [{"protocol": "TCP", "port": port}]}
        policy(documents, ending)["spec"][other].append(rule)
    return mutate


def anybody_asks(documents):
    """Clips for every pod of the release."""
    for rule in policy(documents, "-ingest-w0")["spec"]["ingress"]:
        rule["from"] = [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "wayside", "app.kubernetes.io/instance": "x"}}}]


def foreign_key(component, secret):
    def mutate(documents):
        pod(documents, component)[1]["volumes"].append({"name": "foreign", "secret": {"secretName": secret}})
    return mutate


def foreign_variable(documents):
    pod(documents, "evidence")[2]["env"].append({"name": "WAYSIDE_DATABASE_URL", "valueFrom": {"secretKeyRef": {"name": "postgresql", "key": "url"}}})


# On the variant evidence.
EVIDENCE_MUTATIONS = (
    ("clips for everybody", "network", anybody_asks),
    ("workers reach the object store", "network", to("ingest", "-ingest-w0", "to", "192.0.2.32/28", 443)),
    ("evidence reaches the database", "network", to("evidence", "-evidence", "to", "192.0.2.48/32", 5432)),
    ("everybody reaches review", "network", to("review", "-review", "from", "0.0.0.0/1", 8080)),
    ("retention sends webhooks", "network", to("retention", "-retention", "to", "192.0.2.64/32", 443)),
    ("the key that seals is with review", "keys", foreign_key("review", "signing")),
    ("the keys of plates are with evidence", "keys", foreign_key("evidence", "vault")),
    ("the token of clips is with enforce", "keys", foreign_key("enforce", "clips")),
    ("the database is with evidence", "keys", foreign_variable),
    ("retention as root", "restricted", lambda d: pod(d, "retention")[1]["securityContext"].pop("runAsNonRoot")),
    ("the database's address as a plain variable", "secrets", lambda d: pod(d, "review")[2]["env"].append({"name": "WAYSIDE_S3_SECRET_ACCESS_KEY", "value": "x"})),
    ("a secret in a variable of a path", "secrets", lambda d: pod(d, "review")[2]["env"].append({"name": "WAYSIDE_S3_SECRET_ACCESS_KEY_FILE", "value": "x"})),
)

def without(component, start):
    def mutate(documents):
        container = pod(documents, component)[2]
        container["args"] = [argument for argument in container["args"] if not argument.startswith(start)]
    return mutate


def service(documents, ending):
    return next(d for d in documents if d["kind"] == "Service" and d["metadata"]["name"].endswith(ending))


def sign_secret(documents):
    """A site's folder as signs has it, with the passwords of its signs, in a worker."""
    volumes = pod(documents, "signs")[1]["volumes"]
    pod(documents, "ingest")[1]["volumes"].append(next(volume for volume in volumes if "projected" in volume))


def node_token(documents):
    volume = next(volume for volume in pod(documents, "signs")[1]["volumes"] if "projected" in volume)
    volume["projected"]["sources"].append({"serviceAccountToken": {"path": "token"}})


def forgetful(documents):
    home = next(volume for volume in pod(documents, "console")[1]["volumes"] if volume["name"] == "home")
    home.pop("persistentVolumeClaim")
    home["emptyDir"] = {}


# On the variant console-signs.
CONSOLE_MUTATIONS = (
    ("everybody reaches the console", "network", to("console", "-console", "from", "0.0.0.0/1", 8443)),
    ("screens reach the metrics of signs", "network", to("signs", "-signs", "from", "10.50.0.0/16", 9464)),
    ("signs reach the object store", "network", to("signs", "-signs", "to", "192.0.2.32/28", 443)),
    ("signs reach the database", "network", to("signs", "-signs", "to", "192.0.2.48/32", 5432)),
    ("workers reach signs by the road", "network", to("ingest", "-ingest-w0", "to", "10.40.0.0/28", 161)),
    ("the console reaches the internet", "network", to("console", "-console", "to", "0.0.0.0/1", 443)),
    ("two writers of messages", "sharing", lambda d: pod(d, "signs")[0]["spec"].update(replicas=2)),
    ("an old and a new writer", "sharing", lambda d: pod(d, "signs")[0]["spec"].update(strategy={"type": "RollingUpdate"})),
    ("two consoles", "sharing", lambda d: pod(d, "console")[0]["spec"].update(replicas=2)),
    ("a site that the console does not show", "sharing", lambda d: pod(d, "console")[2]["args"].pop(1)),
    ("passwords of signs with a worker", "keys", sign_secret),
    ("the key that seals is with the console", "keys", foreign_key("console", "signing")),
    ("the keys of plates are with signs", "keys", foreign_key("signs", "vault")),
    ("the sign-in's secret is with signs", "keys", foreign_key("signs", "city-sign-in")),
    ("a token of the cluster in a site's folder", "restricted", node_token),
    ("a volume that stays, at signs", "restricted", lambda d: pod(d, "signs")[1]["volumes"].append({"name": "h", "persistentVolumeClaim": {"claimName": "x"}})),
    ("a volume claim that is nowhere", "mounts", drop("PersistentVolumeClaim")),
    ("metrics beside the public pages", "pages", lambda d: service(d, "-signs-pages")["spec"]["ports"].append({"name": "http", "port": 9464})),
    ("the console in front of the cluster", "pages", lambda d: service(d, "-console")["spec"].update(type="LoadBalancer")),
    ("accounts in scratch space", "people", forgetful),
    ("accounts that go with the release", "people", lambda d: next(x for x in d if x["kind"] == "PersistentVolumeClaim")["metadata"].pop("annotations")),
    ("a console without its address", "people", without("console", "--public-url=")),
    ("passwords in clear", "people", without("console", "--console-tls-cert=")),
)

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
    ("a command that does not exist", "commands", lambda d: pod(d, "enforce")[2]["args"].__setitem__(0, "judge")),
    ("another command in its pod", "commands", lambda d: pod(d, "enforce")[2]["args"].__setitem__(0, "signs")),
    ("budgets forgotten", "budgets", drop("PodDisruptionBudget")),
)
