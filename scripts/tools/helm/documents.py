"""Reads the documents of a rendering."""

LONG_RUNNING = ("Deployment", "StatefulSet")


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


def sources(pod, kind):
    """The ConfigMaps (`configMap`) or Secrets (`secret`) of a pod's volumes, projected ones too."""
    for volume in pod.get("volumes", []):
        if kind in volume:
            yield volume[kind]
        for source in volume.get("projected", {}).get("sources", []):
            if kind in source:
                yield source[kind]


def secrets_of(pod):
    """Names of the Secrets that a pod mounts: a projected one is called otherwise than a volume."""
    return {source.get("secretName", source.get("name")) for source in sources(pod, "secret")}


def containers(documents):
    for document, pod in workloads(documents):
        for container in pod.get("initContainers", []) + pod["containers"]:
            yield document, pod, container


def sites_of(pod):
    prefix = "/etc/wayside/sites/"
    return [arg[len(prefix):].split("/")[0] for arg in pod["containers"][0]["args"] if arg.startswith(prefix)]
