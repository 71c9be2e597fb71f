"""Bodies of road users built by script: `build(class_name, rng)`."""

from .library import CLASSES, KINDS, build

__all__ = ["CLASSES", "KINDS", "build"]
