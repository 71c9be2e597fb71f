"""The options that the program's command line has, out of its sources: nothing has to be built for it."""

import re

ARG = re.compile(r"#\[arg\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)\]\s*(?:///[^\n]*\s*)*pub(?:\([a-z]+\))? (\w+):")


def known(sources):
    """Names of all options, without dashes, of all commands."""
    names = set()
    for path in sorted(sources.rglob("*.rs")):
        for attributes, field in ARG.findall(path.read_text()):
            named = re.search(r'\blong\s*=\s*"([^"]+)"', attributes)
            if named:
                names.add(named[1])
            elif re.search(r"\blong\b", attributes):
                names.add(field.replace("_", "-"))
    return names


def unknown(arguments, names):
    """Options among the arguments that the program does not have."""
    given = (argument[2:].split("=")[0] for argument in arguments if argument.startswith("--"))
    return sorted({option for option in given if option not in names})
