"""A history that is loaded whole: what it costs, and what less, lnav and fzf take
for the same one, which they get as a file of text."""
import shlex
import statistics

from browser import BACK, FORTH, LARGE, MESSAGES, Loaded
from ptybench import Session, median
from setting import WORDS, over

SMALL, HUGE = 1_000, 1_000_000


def measure(setting):
    small, large = Loaded(setting, SMALL), Loaded(setting, LARGE)
    rivals = [Rival(name, setting) for name in COMMANDS]
    for word in WORDS:
        for p in small, large, *rivals:
            p.round(word)
    yield f"{LARGE:,} messages loaded", loaded(small, large)
    yield f"Rivals: backscroll with {LARGE:,} messages, to", compare(large, rivals)
    large.session.close(b"Q")
    if setting.million:
        huge = Loaded(setting, HUGE)
        for word in WORDS:
            for p in small, huge:
                p.round(word)
        yield f"{HUGE:,} messages loaded", loaded(small, huge)
        huge.session.close(b"Q")
    small.session.close(b"Q")


def loaded(small, large):
    for key in "line", "page":
        yield f"a {key} to the screen, to 1,000 loaded", over(large.figure(key), small.figure(key)), "1.3"
    for step in "top", "bottom", "resize":
        yield f"{step}, to a page", over(large.figure(step), large.figure("page")), "about 1"
    yield "memory beyond that at 1,000, to the raw bytes", (large.peak - small.peak) / (large.raw - small.raw), "1.25"
    yield "find a rare word, cold, to 40 ms", over(large.figure("find", "hit"), 40), str(large.n // LARGE)


# How each is started, how it is gone through, how it searches, and how it is ended.
# fzf has the first line at the bottom, lnav begins with the last one.
COMMANDS = {
    "less": ("less {}", FORTH, "/|{}\\r", b"q"),
    "lnav": ("lnav -N {}", BACK, "g|/|{}\\r", b"q"),
    "fzf": ("sh -c 'fzf <{}'", BACK, "{}", b"\x1b"),
}


class Rival:
    """A rival, started anew for each word: the file is read each time."""

    def __init__(self, name, setting):
        self.name = name
        command, self.keys, self.search, self.quit_keys = COMMANDS[name]
        self.argv = shlex.split(command.format(shlex.quote(setting.history(LARGE, "text"))))
        self.env = setting.env()
        self.samples, self.startups, self.peaks = {}, [], []

    def round(self, word):
        s = Session(self.argv, MESSAGES, env=self.env)
        s.play(f"{self.keys} find=find:{self.search.format(word)}~found.the.{word}")
        s.close(self.quit_keys)
        self.startups.append(s.startup)
        self.peaks.append(s.peak)
        for step, got in s.samples.items():
            self.samples.setdefault(step, []).extend(got)

    def figure(self, step, what="last"):
        return median(self.samples[step], what)


def compare(ours, rivals):
    for r in rivals:
        yield f"{r.name}: find a rare word", over(ours.figure("find", "hit"), r.figure("find", "hit")), "0.8" if r.name == "fzf" else ""
    for r in rivals:
        yield f"{r.name}: first messages on the screen", over(median(ours.startups, "hit"), median(r.startups, "hit")), ""
    for key in "line", "page":
        for r in rivals:
            yield f"{r.name}: a {key} to the screen", over(ours.figure(key), r.figure(key)), ""
        for r in rivals:
            yield f"{r.name}: bytes of a {key}", over(ours.figure(key, "bytes"), r.figure(key, "bytes")), ""
    for r in rivals:
        yield f"{r.name}: memory", over(ours.peak, statistics.median(r.peaks)), ""
