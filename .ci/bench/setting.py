"""What is measured: the built programs, the histories, and who serves them."""
import json
import os
import subprocess
import urllib.request

WORDS = ["quokkazephyr", "axolotlsirocco", "okapimistral", "narwhalzonda", "pangolinfoehn"]
ENV = {"BACKSCROLL_APP_ID": "12345", "BACKSCROLL_SERVER_SECRET": "0123456789abcdef0123456789abcdef", "TZ": "UTC"}


class Setting:
    """A folder of work and the servers of a run; leaving it ends them."""

    def __init__(self, root, work, million):
        self.root, self.work, self.million = root, work, million
        self.servers = {}
        os.mkdir(self.path("home"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server, _ in self.servers.values():
            server.kill()
            server.wait()

    def path(self, name):
        return os.path.join(self.work, name)

    def history(self, n, form="jsonl"):
        """The file of n messages; form text is for those who show lines."""
        path = self.path(f"{n}.{form}")
        if not os.path.exists(path):
            with open(path, "wb") as f:
                subprocess.run([self.path("zimgen"), "-n", str(n), "-format", form, "-rare", ",".join(WORDS)], stdout=f, check=True)
        return path

    def server(self, n, *options):
        """The address of a service with n messages."""
        key = (n, *options)
        if key not in self.servers:
            p = subprocess.Popen([self.path("zimserve"), "-file", self.history(n), *options], stdout=subprocess.PIPE, text=True)
            self.servers[key] = p, p.stdout.readline().strip()
        return self.servers[key][1]

    def backscroll(self, url, program="backscroll"):
        """The command that opens the chat of a service, at the most calls a second that it makes."""
        return [self.path(program), "--endpoint", url, "--group", "g", "--rate", "20", "--timezone", "UTC"]

    def env(self):
        """The environment of every program: a home of its own, credentials that the service does not look at."""
        return dict(ENV, HOME=self.path("home"))


def stats(url):
    """What was asked of a service so far."""
    with urllib.request.urlopen(url + "/stats") as answer:
        return json.load(answer)


def over(a, b):
    """The ratio of two figures; None where one was not had."""
    return a / b if a is not None and b else None
