"""Tests of the training, each in seconds: `python -m unittest discover` from models/train."""
