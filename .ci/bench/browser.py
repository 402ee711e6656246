"""The browser, as a person sees it, and what a key costs it."""
import os
import re
import statistics
import subprocess

from ptybench import Session, median
from setting import WORDS, over, stats
from terminal import MS, come_first

PAINTS = 30
ROUNDS = 3
LIVELY = 12  # pairs of keys
BAR = "▌"  # of the selected message
LARGE = 100_000  # messages
FRAME = 1e3 / 120  # ms
SHELL = r"group g"  # the status line, before the first page is there
MESSAGES = r"user_\d"
LATE = ("-delay", "300ms", "-spread", "9ms")  # page 1 comes when the shell has long been painted
ALL = r"older:.no"
BACK = "line=up*30 line=down*30 page=pgup*10 page=pgdn*10"  # from the end of a history
FORTH = "line=down*30 line=up*30 page=pgdn*10 page=pgup*10"  # from its beginning


def measure(setting):
    yield "The first screen", [*first_paint(setting), *first_page(setting)]
    yield "A key, our share: Update and View (go test -bench)", share(setting)
    yield "A key to the screen", [*frames(setting), *busy(setting)]


def first_paint(setting):
    url, took = setting.server(1_000, *LATE), {"minimal": [], "backscroll": []}
    for _ in range(PAINTS):
        for name, argv, expect in ("minimal", [setting.path("minimal")], "minimal program"), ("backscroll", setting.backscroll(url), SHELL):
            s = Session(argv, expect, env=setting.env())
            s.close(b"Q")
            took[name].append(s.startup)
    yield "first paint, to a minimal Bubble Tea program at 120 fps", over(median(took["backscroll"], "hit"), median(took["minimal"], "hit")), "1.1"


def first_page(setting):
    """From the moment the service begins to answer to the screen, in frames."""
    url, took = setting.server(1_000, *LATE), []
    for _ in range(PAINTS):
        s = Session(setting.backscroll(url), MESSAGES, env=setting.env())
        s.close(b"Q")
        took.append(s.startup["hit"] - (stats(url)["Answered"] - s.tty.started) / MS)
    yield "page 1 answered to painted, to a frame", statistics.median(took) / FRAME, "1"


def share(setting):
    """The benchmarks of package ui, as go test runs them."""
    test = setting.path("ui.test")
    subprocess.run(["go", "test", "-c", "-o", test, "./ui"], cwd=setting.root, check=True)
    out = subprocess.run([test, "-test.run", "^$", "-test.bench", "Key|Resize|FirstPage"], cwd=os.path.join(setting.root, "ui"),
                         preexec_fn=come_first, capture_output=True, text=True, check=True).stdout
    us = {name: float(x) / 1e3 for name, x in re.findall(r"^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op", out, re.M)}
    for key, budget in ("line", 30), ("page", 400):
        many = us[f"Key/{key}/loaded=100000"]
        yield f"{key}, to {budget} us", many / budget, "1"
        yield f"{key} with 100,000 loaded, to 1,000", many / us[f"Key/{key}/loaded=1000"], "1.3"
    yield "resize with 100,000 loaded, to what a page may cost", us["Resize"] / 400, "1"
    yield "page 1 from its answer to its frame, to a frame", us["FirstPage"] / 1e3 / FRAME, "1"


def frames(setting):
    """120 frames a second against the same program at 60, taking turns."""
    url, samples = setting.server(1_000), {}
    both = {p: Session(setting.backscroll(url, p), MESSAGES, env=setting.env()) for p in ("backscroll", "backscroll-60")}
    for s in both.values():
        s.play(f"until:g~{ALL} G")
    for _ in range(ROUNDS):
        for s in both.values():
            s.play(BACK)
    for p, s in both.items():
        s.close(b"Q")
        samples[p] = s.samples
    for key in "line", "page":
        yield f"{key}, 120 frames a second, to 60", over(*(median(samples[p][key], "last") for p in both)), "0.6"


def busy(setting):
    """Keys while a search asks for one older page after the other, and draws how far it is."""
    s = Session(setting.backscroll(setting.server(LARGE)), MESSAGES, env=setting.env())
    idle = [moved(s, key) for key in "kj" * LIVELY]
    s.play("send:/nowheretobefound\\r")
    searching = [moved(s, key) for key in "kj" * LIVELY]
    s.close(b"Q")
    yield "a line while a search loads older pages, to without", over(median(searching, "hit"), median(idle, "hit")), "1.3"


def moved(s, key):
    """The sample of a key until the selection is on another row."""
    row = next(i for i, line in enumerate(s.tty.text().split("\n")) if BAR in line[:3])
    return s.timed(lambda: s.tty.send(key.encode()), re.compile(rf"\A(?:[^\n]*\n){{{row}}}(?![^\n]{{0,2}}{BAR})"))


class Loaded:
    """The browser with n messages loaded."""

    def __init__(self, setting, n):
        self.n, self.argv, self.env = n, setting.backscroll(setting.server(n)), setting.env()
        self.session = Session(self.argv, MESSAGES, env=self.env)
        self.session.play("until:g~" + ALL)
        self.peak = self.session.tty.peak()  # kB
        self.raw = os.path.getsize(setting.history(n)) / 1024  # kB
        self.startups = []

    def round(self, word):
        """Every step once, and a search for a word that was not looked for before."""
        start = Session(self.argv, MESSAGES, env=self.env)
        start.close(b"Q")
        self.startups.append(start.startup)
        self.session.play(f"bottom=G {BACK} top=g bottom=G resize=resize:120x50 resize=resize:160x50 "
                          f"find=find:/|{word}\\r~found.the.{word} esc")

    def figure(self, step, what="last"):
        return median(self.session.samples[step], what)
