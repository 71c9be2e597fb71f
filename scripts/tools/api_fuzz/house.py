"""What is known of the place that is fuzzed: what stands in requests that shall reach something."""

import time

import people

# How long the console may take to read what is on the bus, seconds.
READ_S_MAX = 600
# What parsers of times, numbers, paths and markup may stumble over.
ODD = [
    "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "-292277-01-01T00:00:00Z", "2026-02-30T25:61:61Z",
    "2026-06-01T12:00:00+99:99", "9223372036854775807~x", "-9223372036854775808~", "99999999999999999999~0",
    "9007199254740993", "1e999", "NaN", "-0", "0x10", "\u0661\u0662", "true", "null",
    "../../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "/etc/passwd", "file:///etc/passwd", "a\\b", "a\u0000b",
    "<img src=x onerror=alert(1)>", "'; DROP TABLE cases; --", "{{7*7}}", "%s%n", "\r\nSet-Cookie: a=b",
    "\u202e\u2066", "\U0001f692\u200d", "\uffff", "e\u0301" * 40, "x" * 5000,
    "http://127.0.0.1:1/", "rtsp://127.0.0.1:1/x", "violation", "replay", "whatif", "approve", "hand_to_ticketing",
]


class House:
    """A console with its first account, an account that may be changed, and a citation."""

    def __init__(self, place):
        self.url = place.url
        self.first = people.take_setup(self.url, place.token)
        made = {"account": people.SPARE, "name": "Spare", "roles": ["operator"]}
        self.got("POST", "/api/v1/accounts", "administrator", made)
        self.read_up()
        overview = self.got("GET", "/api/v1/overview", "operator")
        sites = [site["id"] for site in overview["sites"]]
        cameras = [camera["id"] for site in overview["sites"] for camera in site["cameras"]]
        events = [event["id"] for event in overview["events"]]
        approved, held = self.approved(), self.claimed()
        cases = [approved, held["case"]]
        site = (place.folder / "site.toml").read_text(encoding="utf-8")
        self.strings = [*ODD, *sites, *cameras, *events[:3], people.SPARE, "red_light", held["token"], site]
        self.known = {
            "path.site": sites,
            "query.site": sites,
            "path.camera": cameras,
            "path.account": [people.SPARE],
            "path.id": events,
            "path.case": cases,
            "path.part": ["clip", "at-line", "quantities", "site", "manifest"],
            "path.citation": [approved],
        }

    def got(self, method, path, role, body=None):
        status, answer = self.first.ask(method, path, role, body)
        if not 200 <= status < 300:
            raise SystemExit(f"error: {method} {path}: {status} {answer}")
        return answer

    def read_up(self):
        """Waits until the console knows what is on the bus, and review has its cases."""
        end = time.monotonic() + READ_S_MAX
        while time.monotonic() < end:
            feed = self.got("GET", "/api/v1/overview", "operator")["feed"]["state"]
            if feed == "reading" and self.got("GET", "/api/review/v1/queue", "operator")["first"]:
                return
            time.sleep(0.1)
        raise SystemExit("error: the console does not read what is on the bus")

    def claimed(self):
        """A case that the owner holds, as a reviewer."""
        return self.got("POST", "/api/review/v1/claims", "reviewer", {})

    def approved(self):
        """Approves a case, so that there is a citation, and says the case's id, which is the citation's."""
        claim = self.claimed()
        decision = {"token": claim["token"], "decision": "approve", "plate": "WAY51DE"}
        self.got("POST", f"/api/review/v1/cases/{claim['case']}/decision", "reviewer", decision)
        return claim["case"]

    def sessions(self, count):
        """Sessions of the same account; each may ask so often."""
        return [self.first, *(people.sign_in(self.url) for _ in range(count - 1))]
