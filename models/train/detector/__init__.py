"""The detector of Wayside's own: a small convolutional net, how it is trained, exported and judged.

What is deliberately absent: rendering (package `render`), tracking, and anything that would tell
one person from another.
"""
