"""Lays out JSON schemas as kubeconform looks for them.

    schemas.py INTO --version V... --kinds FILE...

INTO/V/ gets the API of Kubernetes V out of the package kubernetes-validate; INTO/kinds/ what the files
define (CustomResourceDefinitions), with unknown keys refused as the strict schemas of Kubernetes do.
"""

import argparse
import importlib.util
import json
import pathlib

import yaml


def kubernetes(version: str, into: pathlib.Path) -> None:
    """The package names each schema by an address; kubeconform would ask there. Here they lie side by side."""
    # Not imported: its code wants packages that its data does not.
    (package,) = importlib.util.find_spec("kubernetes_validate").submodule_search_locations
    source = pathlib.Path(package) / "kubernetes-json-schema" / f"v{version}-local-strict"
    files = sorted(source.glob("*.json"))
    if not files:
        raise SystemExit(f"no schemas of Kubernetes {version} in {source.parent}")
    into.mkdir(parents=True)
    for file in files:
        schema = json.loads(file.read_text().replace('"/api/_definitions.json', '"_definitions.json'))
        schema.pop("$id", None)
        (into / file.name).write_text(json.dumps(schema))


def strict(schema: object) -> object:
    """Refuses unknown keys wherever the definition lists those that exist."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: strict(value) for key, value in schema.items()}
    properties = schema.get("properties")
    listed = isinstance(properties, dict) and schema.get("type") == "object"
    if listed and "additionalProperties" not in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
        schema["additionalProperties"] = False
    return schema


def kinds(file: pathlib.Path, into: pathlib.Path) -> None:
    """One file for each version that a definition has."""
    into.mkdir(parents=True, exist_ok=True)
    for definition in yaml.safe_load_all(file.read_text()):
        spec = definition["spec"]
        name = f"{spec['names']['kind'].lower()}-{spec['group'].split('.')[0]}"
        for version in spec["versions"]:
            schema = strict(version["schema"]["openAPIV3Schema"])
            # The definition leaves what all objects have to the server.
            schema["properties"]["metadata"] = {"type": "object"}
            (into / f"{name}-{version['name']}.json").write_text(json.dumps(schema))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("into", type=pathlib.Path)
    parser.add_argument("--version", nargs="+", required=True)
    parser.add_argument("--kinds", nargs="+", type=pathlib.Path, required=True)
    args = parser.parse_args()
    for version in args.version:
        kubernetes(version, args.into / version)
    for file in args.kinds:
        kinds(file, args.into / "kinds")


main()
