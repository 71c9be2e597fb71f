#!/usr/bin/env python3
"""A sign of NTCIP 1203 behind Net-SNMP's agent (pass_persist): keeps objects, validates, activates.

Writes a line for each activation to the file that it is given: the activation code in hex, and the markup.
"""
import sys

DMS = ".1.3.6.1.4.1.1206.4.2.3."
NUMBERS = ("6.1.0", "6.13.0", "6.17.0", "6.18.0", "5.9.0", "5.8.1.5.3.1", "5.8.1.8.3.1", "5.8.1.9.3.1")
objects = {}


def checksum(multi):
    """CRC-16 of ISO 3309 over the markup, the beacon and the pixel service."""
    value = 0xFFFF
    for byte in multi.encode() + b"\0\0":
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ 0x8408 if value & 1 else value >> 1
    return value ^ 0xFFFF


def say(*lines):
    """Answers the agent."""
    for line in lines:
        print(line)
    sys.stdout.flush()


def multi():
    """The markup of message 1."""
    return objects.get("5.8.1.3.3.1", ("string", ""))[1]


def get(oid):
    """The value of an object; one that was never written has an empty one."""
    below = oid.removeprefix(DMS)
    if below in objects:
        kind, value = objects[below]
    else:
        kind, value = ("integer", "1") if below in NUMBERS else ("string", "x")
    say(oid, kind, value)


def put(oid, text):
    """Writes an object, and does what it asks for."""
    below = oid.removeprefix(DMS)
    kind, _, value = text.partition(" ")
    value = value.strip('"').strip()
    if below == "5.8.1.9.3.1":
        value = {"6": "2", "7": "4"}[value]
        if value == "4":
            objects["5.8.1.5.3.1"] = ("integer", str(checksum(multi())))
    if below == "6.3.0":
        code = "".join(value.split()).lower()
        blank = code[6:8] == "07"
        if not blank and int(code[12:16], 16) != checksum(multi()):
            say("wrong-value")
            return
        with open(sys.argv[1], "a", encoding="ascii") as log:
            log.write(f"{code} {'' if blank else multi()}\n")
    objects[below] = (kind, value)
    say("DONE")


while True:
    line = sys.stdin.readline()
    if not line:
        break
    command = line.strip()
    if command == "PING":
        say("PONG")
    elif command == "get":
        get(sys.stdin.readline().strip())
    elif command == "getnext":
        sys.stdin.readline()
        say("NONE")
    elif command == "set":
        put(sys.stdin.readline().strip(), sys.stdin.readline().strip())
