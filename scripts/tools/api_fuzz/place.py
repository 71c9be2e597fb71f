"""The program on free ports, on a folder of data that a test has filled."""

import contextlib
import os
import pathlib
import re
import subprocess
import time

# How long a busy machine may take to start the program, seconds.
START_S_MAX = 300
LINK = re.compile(r"(http://[^/\s]+)/#/setup\?token=(\S+)")
REVIEW = re.compile(r"review on (http://\S+?),")


class Program:
    """The program while it runs."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = pathlib.Path(folder)
        self.process = None

    def begin(self, *arguments):
        """Starts it; what it says goes to a file."""
        self.log = open(self.folder / "program.log", "w", encoding="utf-8")
        command = [self.program, *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def shared(self):
        """What the console and review by itself are both told."""
        (self.folder / "store").mkdir(parents=True, exist_ok=True)
        (self.folder / "tokens").touch()
        keys = self.folder / "vault.keys"
        if not keys.exists():
            keys.write_text(self.run("review", "vault-key"))
        return [
            "--data", self.folder / "data", "--store", self.folder / "store", "--listen", "127.0.0.1:0",
            "--http", "127.0.0.1:0", "--desk", self.folder / "desk.sqlite", "--tokens", self.folder / "tokens",
            "--vault-key", keys, "--verify-key", self.folder / "keys", "--no-plate-reader",
            "--undo-s", "0", "--second-review-share", "0", "--known-share", "0",
        ]

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def run(self, *arguments):
        return subprocess.run([self.program, *arguments], check=True, capture_output=True, text=True).stdout

    def told(self, pattern):
        """What the program said, once it has."""
        end = time.monotonic() + START_S_MAX
        while time.monotonic() < end:
            found = pattern.search(self.said())
            if found:
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise SystemExit(f"error: the program does not start\n{self.said()}")

    def said(self):
        return (self.folder / "program.log").read_text(encoding="utf-8", errors="replace")

    def memory_kb(self):
        """Resident memory."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])

    def alive(self):
        return self.process.poll() is None


class Console(Program):
    """`wayside console`; `token` is that of the link for the first account."""

    def __enter__(self):
        home = self.folder / "home"
        (home / "sites").mkdir(parents=True, exist_ok=True)
        own = ["console", self.folder / "site.toml", "--home", home, "--sites-folder", home / "sites"]
        self.begin(*own, *self.shared())
        try:
            self.url, self.token = self.told(LINK).groups()
        except BaseException:
            self.__exit__()
            raise
        self.url = self.url.replace("localhost", "127.0.0.1")
        return self


class Review(Program):
    """`wayside review` by itself, with tokens of a role that only programs have."""

    ROLE = "ticketing"
    TOKENS = 8

    def __enter__(self):
        said = self.shared()
        self.tokens = [
            self.run(
                "review", "token", "new", "--account", f"fuzz-{number}", "--role", self.ROLE,
                "--tokens", self.folder / "tokens",
            ).strip()
            for number in range(self.TOKENS)
        ]
        self.begin("review", *said)
        try:
            (self.url,) = self.told(REVIEW).groups()
        except BaseException:
            self.__exit__()
            raise
        return self
