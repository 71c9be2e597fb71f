"""What compose.yaml has to keep beyond the schema of Docker Compose, and faults that must be seen."""

import re


def problems(compose):
    """References, pinned images, health, and the pixels' confinement."""
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
    for name, service in services.items():
        for port in service.get("ports", []):
            if not re.fullmatch(r"127\.0\.0\.1:[0-9]+:[0-9]+", port):
                yield f"{name}: the port {port} is open to other machines"
        if name != "signs" and "screens" in service.get("networks", []):
            yield f"{name}: is on the network of the public pages"


# A word of the problem that must be told, and what is done.
FAULTS = {
    "network": lambda c: c["services"]["enforce"].update(networks=["nowhere"]),
    "volume": lambda c: c["services"]["kafka"].update(volumes=["nowhere:/x"]),
    "config": lambda c: c["services"]["prometheus"].update(configs=[{"source": "nowhere"}]),
    "waits for": lambda c: c["services"]["ingest"]["depends_on"].update(nowhere={"condition": "service_started"}),
    "not pinned": lambda c: c["services"]["qdrant"].update(image="qdrant/qdrant:latest"),
    "no health check": lambda c: c["services"]["enforce"].pop("healthcheck"),
    "open to other machines": lambda c: c["services"]["console"].update(ports=["8088:8088"]),
    "network of the public pages": lambda c: c["services"]["review"]["networks"].append("screens"),
    "leads out": lambda c: c["services"]["ingest"]["networks"].append("front"),
}
