"""The outline of one vehicle in its box: which pixels are it, and which are of other road users.

The net only tells redaction which pixels to hide. It has no class for a person and computes nothing of one: people,
riders and other vehicles are one class, *other*.
"""

INPUT_PX = 128
"""Side of the net's input."""

MARGIN = 0.2
"""By how much the window is larger than the vehicle's box on each side, as a share of the box's sides."""

ASPECT_MAX = 2.0
"""The window's longer side is at most so many times its shorter one."""

STORED_PX = 176
STORED_MARGIN = 0.45
"""The same of the crops that are kept to train on: room for jitter."""

BACKGROUND, OWN, OTHER = 0, 1, 2
"""What a pixel is: static, the vehicle, another road user (the vehicle's own rider too)."""
