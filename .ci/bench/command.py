"""The command: how fast it starts, and how fast it goes through a history."""
import os
import re
import statistics
import subprocess
import time

from setting import over, stats
from terminal import come_first

STARTS = 200
WALKS = 5
CURL_PAGES = 60
ROUND_TRIP = 0.060  # s
REMOTE = 10_000  # messages, walked with a round trip


def measure(setting):
    yield "The command", [*starts(setting), *init(setting)]
    yield "Walking 100,000 messages over loopback", walks(setting)
    yield f"Walking {REMOTE:,} messages with a round trip of {ROUND_TRIP * 1e3:.0f} ms", round_trips(setting)


def starts(setting):
    programs = {"hello": ["hello"], "pure": ["backscroll", "--version"], "cgo": ["backscroll-cgo", "--version"]}
    took = {name: [] for name in programs}
    for _ in range(STARTS):
        for name, (program, *args) in programs.items():
            took[name].append(run_time([setting.path(program), *args], setting.env()))
    hello = statistics.median(took["hello"])
    for name, how in ("pure", "without cgo"), ("cgo", "with cgo"):
        yield f"--version {how}, to a hello-world", statistics.median(took[name]) / hello, "2.5"


def run_time(argv, env):
    come_first(os.SCHED_RESET_ON_FORK)
    first = {"scheduler": (os.SCHED_RR, os.sched_param(1))} if os.geteuid() == 0 else {}
    quiet = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
    start = time.perf_counter()
    pid = os.posix_spawn(argv[0], argv, dict(os.environ, **env), file_actions=quiet, **first)
    _, status = os.waitpid(pid, 0)
    took = time.perf_counter() - start
    if status:
        raise RuntimeError(f"{argv} ended with {status}")
    return took


def init(setting):
    """The package that allocates most before main, to what a dependency may."""
    trace = subprocess.run([setting.path("backscroll"), "--version"], env=dict(os.environ, GODEBUG="inittrace=1"),
                           stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stderr
    allocated = [(int(size), package) for package, size in re.findall(r"^init (\S+) @.*?, (\d+) bytes", trace, re.M)]
    size, package = max(allocated)
    yield f"init of {package}, to 100 KB", size / 1e5, "1"


def walks(setting):
    url = setting.server(100_000)
    programs = {"client": [setting.path("walk"), "client", url], "bytes": [setting.path("walk"), "bytes", url],
                "node": ["node", "walk.mjs", url]}
    took = {name: [] for name in programs}
    for _ in range(WALKS):
        for name, argv in programs.items():
            took[name].append(page_time(argv))
    client = statistics.median(took["client"])
    yield "every message kept, to net/http that drops the bytes", over(client, statistics.median(took["bytes"])), "4"
    yield "Node, fetch and json(), to it", over(statistics.median(took["node"]), client), "at least 3"
    yield f"curl and jq (the first {CURL_PAGES} pages), to it", over(page_time(["./walk.sh", url, str(CURL_PAGES)]), client), "at least 100"


def page_time(argv):
    """ms for a page, as a walk prints them."""
    took, pages = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.split()
    return float(took) / int(pages)


def round_trips(setting):
    """The command itself, which keeps to the rate of the service."""
    url = setting.server(REMOTE, "-delay", f"{ROUND_TRIP}s", "-qps", "20")
    argv = [setting.path("backscroll"), "messages", "--endpoint", url, "--group", "g", "--rate", "20", "--all", "--raw"]
    start = time.perf_counter()
    printed = subprocess.run(argv, env=dict(os.environ, **setting.env()), stdout=subprocess.PIPE, check=True).stdout
    took = time.perf_counter() - start
    if (n := printed.count(b"\n")) != REMOTE:
        raise RuntimeError(f"{n} messages of {REMOTE}")
    asked = stats(url)
    yield "time, to pages x round trip", took / (asked["Calls"] * ROUND_TRIP), "1.03"
    yield "connections, to one", asked["Connections"] - 1, "1"  # one was for the count
    yield "refused calls", asked["Refused"], "0"
