"""Trains the small detector for one camera from the camera's own recording.

A larger detector labels the recording on the tiles that the site file implies, the product itself
tracks what it finds, what tracking confirms is learnt, and student and teacher are compared on
footage that was held back. Nobody labels by hand, so nothing here says what is true: every figure
is agreement with the teacher.

What is deliberately absent: rendering (package `render`), the net and its training (package
`detector`), tracking (the program `wayside` does it), and keeping pictures: those of the recording
are removed at the end, since they show people as they are.
"""
