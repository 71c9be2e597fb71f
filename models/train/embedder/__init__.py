"""The vehicle embedder: 64 numbers from a crop of a motor vehicle, close for the same vehicle.

`identity` makes vehicles, `poses` and `lights` say from where and in which light two cameras see
them, `studio` renders, `sensor` spoils the picture as a camera does, `crops` writes a data set;
`net` is the net, `batches` draws from a data set, `fit` trains, `score` judges, `export` writes ONNX.

Used for sections only: did the vehicle at the far end pass the near end, and when?

Deliberately absent: people and faces, as subject, label or data set (PV-3). A motorcycle's crop is
blanked where its rider sits, here and in the product, before any vector is computed.
"""

CLASSES = ("car", "truck", "bus", "motorcycle")
"""Motor vehicles, the only classes that have an embedding, in the order of class numbers."""

INPUT_PX = 64
"""Side of the net's input, pixels."""

STORED_PX = 72
"""Side of a stored crop: the input with a rim of 4 pixels for jitter."""

ENLARGE = 1.1
"""Sides of the crop over sides of the vehicle's box; 5 % on each edge."""

RIDER_SHARE = 0.55
"""Share of a motorcycle's box, from its top, that is blanked: the rider, not the vehicle."""

BLANK = 114
"""Byte that a blanked pixel gets, the same as the detector's padding."""
