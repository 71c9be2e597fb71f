"""Runs a program and watches what it takes."""

import os
import pathlib
import subprocess
import tempfile
import threading
import time


def threads_of(pid):
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("Threads:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def watch(command):
    """Exit code, output, errors, wall and processor seconds, peak memory in MiB, most threads at once."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        begin = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=errors
        )
        most, ended = [0], threading.Event()

        def sample():
            while not ended.wait(0.05):
                most[0] = max(most[0], threads_of(process.pid))

        sampler = threading.Thread(target=sample)
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        ended.set()
        sampler.join()
        output.seek(0)
        errors.seek(0)
        return {
            "exit": process.returncode,
            "output": output.read(),
            "errors": errors.read(),
            "wall_s": wall,
            "cpu_s": usage.ru_utime + usage.ru_stime,
            "memory_mib": usage.ru_maxrss / 1024,
            "threads": most[0],
        }
