#!/usr/bin/env python3
"""A ticketing system in small: takes Wayside's citations, fetches the plate of each, reports back.

Every citation counts once and in order, however often its messages come: their ids are kept.
"""
import base64, hashlib, hmac, json, os, sqlite3, threading, time, urllib.error, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

API = os.environ.get("WAYSIDE_API", "http://127.0.0.1:9480")
TOKEN = open(os.environ["WAYSIDE_TOKEN_FILE"]).read().strip()
SECRETS = [base64.b64decode(line.strip().removeprefix("whsec_"))
           for line in open(os.environ["WEBHOOK_SECRET_FILE"]) if line.startswith("whsec_")]
DATABASE = os.environ.get("DATABASE", "tickets.sqlite")
AGE_MAX_S, BODY_MAX = 300, 1 << 20

SCHEMA = """
CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS tickets (citation TEXT PRIMARY KEY, revision INTEGER NOT NULL,
    status TEXT NOT NULL, rule TEXT NOT NULL, event_time TEXT NOT NULL, plate TEXT, served INTEGER DEFAULT 0);
"""


def database():
    connection = sqlite3.connect(DATABASE, timeout=10)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.executescript(SCHEMA)
    return connection


def signed(headers, body):  # Standard Webhooks, v1; an old message is not taken again
    stamp = headers.get("webhook-timestamp", "")
    if not stamp.isdigit() or abs(time.time() - int(stamp)) > AGE_MAX_S:
        return False
    content = f"{headers.get('webhook-id')}.{stamp}.".encode() + body
    right = [b"v1," + base64.b64encode(hmac.new(s, content, hashlib.sha256).digest()) for s in SECRETS]
    given = headers.get("webhook-signature", "").encode().split(b" ")
    return any(hmac.compare_digest(a, b) for a in right for b in given)


def take(event):
    """One transaction: the id is new, and the revision is later than what is known."""
    data = event["data"]
    with database() as db:
        if db.execute("INSERT OR IGNORE INTO seen VALUES (?)", (event["id"],)).rowcount == 0:
            return
        db.execute("""INSERT INTO tickets (citation, revision, status, rule, event_time) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (citation) DO UPDATE SET revision = excluded.revision, status = excluded.status
            WHERE excluded.revision > tickets.revision""",
            (data["id"], data["revision"], data["status"], data["rule"], data["event_time"]))


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length) if 0 < length <= BODY_MAX else b""
        if not signed(self.headers, body):
            return self.answer(401)
        event = json.loads(body)
        if event["type"] == "wayside.citation.v1":
            take(event)
        self.answer(204)  # Only now: whatever is not committed comes again.

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def ask(path, body=None):
    request = urllib.request.Request(API + path, json.dumps(body).encode() if body else None, {
        "authorization": f"Bearer {TOKEN}", "content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def serve_tickets():
    """Fetches plates and reports back. Reports have a reference, so that repeating one changes nothing."""
    while True:
        with database() as db:
            due = db.execute("SELECT citation FROM tickets WHERE status = 'issued' AND NOT served").fetchall()
        for (citation,) in due:
            try:
                plate = ask(f"/v1/citations/{citation}/plate?purpose=hand_to_ticketing")["plate"]
                ask(f"/v1/citations/{citation}/status", {"status": "served", "reference": f"served-{citation}"})
                with database() as db:
                    db.execute("UPDATE tickets SET plate = ?, served = 1 WHERE citation = ?", (plate, citation))
            except (urllib.error.URLError, OSError) as error:
                print(f"citation {citation}: {error}; tried again", flush=True)
        time.sleep(0.5)


if __name__ == "__main__":
    threading.Thread(target=serve_tickets, daemon=True).start()
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8090"))), Receiver)
    print(f"listening on http://127.0.0.1:{server.server_address[1]}/", flush=True)
    server.serve_forever()
