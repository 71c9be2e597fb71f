"""What schemathesis is told about sessions: loaded by it, through SCHEMATHESIS_HOOKS.

Requests take turns with the sessions of one account, since each session may ask only so often. What would end a
session or put the account out is left out or turned to another account (`before_call`); a session that ends all the
same is begun anew, and counted.
"""

import collections
import itertools
import json
import os
import pathlib
import threading

import people
import schemathesis

URL = os.environ["API_FUZZ_URL"]
ROLE = os.environ["API_FUZZ_ROLE"]
TOLD = pathlib.Path(os.environ["API_FUZZ_TOLD"])
# Who asks: sessions of people, or tokens of review.
sessions = [people.Session(URL, *pair) for pair in json.loads(os.environ["API_FUZZ_SESSIONS"])]
tokens = json.loads(os.environ["API_FUZZ_TOKENS"])
turns = itertools.cycle(range(len(sessions or tokens)))
lock = threading.Lock()
told = collections.Counter()


@schemathesis.hook
def before_call(_context, case, _kwargs):
    """Signs the request, and keeps it from putting out who asks."""
    with lock:
        turn = next(turns)
        signed = sessions[turn].headers(ROLE) if sessions else {"Authorization": f"Bearer {tokens[turn]}"}
    if case.headers is None:
        case.headers = {}
    case.headers.update(signed)
    case.headers["Fuzz-Turn"] = str(turn)
    path = case.path_parameters or {}
    if path.get("account") == people.OWNER:
        path["account"] = people.SPARE


@schemathesis.hook
def after_call(_context, case, response):
    """Counts answers, and begins a session anew that has ended."""
    with lock:
        told["requests"] += 1
        told[f"status {response.status_code}"] += 1
        ended = response.status_code == 401 and b"problem:not-signed-in" in response.content
        if ended:
            told["sessions that ended"] += 1
            if sessions:
                sessions[int(case.headers["Fuzz-Turn"])] = people.sign_in(URL)
        TOLD.write_text(json.dumps(told), encoding="utf-8")
