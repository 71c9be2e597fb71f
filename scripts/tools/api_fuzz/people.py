"""People who sign in, over HTTP as a browser does."""

import requests

PASSWORD = "a long one for the fuzzer"
# Who asks, with all roles, and an account that may be changed.
OWNER = "owner"
SPARE = "spare"
ROLES = ("operator", "reviewer", "senior", "engineer", "auditor", "administrator")
WAIT_S = 300


class Session:
    """A session of the owner; each request says in which role it acts."""

    def __init__(self, url, cookie, csrf):
        self.url = url
        self.cookie = cookie
        self.csrf = csrf

    def headers(self, role=None):
        role = {"Wayside-Role": role} if role else {}
        return {"Cookie": self.cookie, "Wayside-Csrf": self.csrf, **role}

    def ask(self, method, path, role, body=None):
        """The answer's status and JSON; none where it has no body."""
        answer = requests.request(
            method, self.url + path, json=body, headers=self.headers(role), timeout=WAIT_S
        )
        return answer.status_code, answer.json() if answer.content else None


def take_setup(url, token):
    """The first account, from the link that the program printed."""
    body = {"token": token, "account": OWNER, "name": "Owner", "password": PASSWORD}
    return begun(url, requests.post(f"{url}/api/v1/setup", json=body, timeout=WAIT_S))


def sign_in(url):
    """Signs in as the owner."""
    body = {"account": OWNER, "password": PASSWORD}
    return begun(url, requests.post(f"{url}/api/v1/session", json=body, timeout=WAIT_S))


def begun(url, answer):
    if answer.status_code != 200:
        raise SystemExit(f"error: nobody gets in: {answer.status_code} {answer.text}")
    (cookie,) = answer.cookies
    return Session(url, f"{cookie.name}={cookie.value}", answer.json()["csrf"])
