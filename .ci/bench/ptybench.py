#!/usr/bin/python3
"""ptybench times a full-screen terminal program from outside, as a person sees it.

  ptybench.py --expect REGEX --steps 'down*100 pgdn*50' -- COMMAND

It prints, in ms: from exec to the first screen that matches --expect; for each
step how long until the last byte before the screen was quiet; and the bytes
and CPU time of a step, and the peak memory of all processes.

Steps, separated by blanks, each with a label if one wants to (LABEL=STEP):
  down up pgdn pgup home end tab enter esc space, or one character; NAME*COUNT
                     single keys, each timed on its own
  find:A|B~REGEX     the bytes A, B, each after the screen is quiet; timed from
                     the last of them until the screen matches (no `=` in them)
  send:BYTES         these; nothing is waited for
  until:KEY~REGEX    a key again and again until the screen matches; not timed
  resize:COLSxROWS   a new size of the window

Needs Linux and Debian's python3-pyte.
"""
import argparse
import codecs
import math
import os
import random
import re
import shlex
import statistics

from terminal import MS, Tty, come_first, now

KEYS = dict(down="\x1b[B", up="\x1b[A", pgdn="\x1b[6~", pgup="\x1b[5~", home="\x1b[H", end="\x1b[F",
            tab="\t", enter="\r", esc="\x1b", space=" ")
QUIET = 60  # ms
LIMIT = 60_000  # ms that a step may take
PACE = 40  # ms between the keys of `until`
PATIENCE = 900  # s for all of them
chance = random.Random(1)


class Session:
    """A program on the screen, and the samples of the steps played on it."""

    def __init__(self, argv, expect, size=(160, 50), env=None):
        come_first(os.SCHED_RESET_ON_FORK)
        self.tty = Tty(argv, *size, env)
        self.samples = {}  # by label
        self.startup = self.tty.settle(self.tty.started, QUIET, LIMIT, re.compile(expect))
        self.startup["cpu"] = self.tty.cpu()
        if self.startup["hit"] is None:
            self.close(b"")
            raise RuntimeError(f"{shlex.join(argv)}: no screen matched {expect}; it showed\n{self.tty.text()}")

    def play(self, steps):
        """Play the steps, and return the samples of the last one."""
        got = []
        for step in steps.split():
            label, is_labelled, body = step.partition("=")
            if not is_labelled or not re.fullmatch(r"[\w-]+", label):
                label, body = step, step
            got = self.step(body)
            self.samples.setdefault(label, []).extend(got)
        return got

    def step(self, step):
        kind, _, rest = step.partition(":")
        if kind == "find":
            return [self.find(rest)]
        if kind == "send":
            self.tty.send(typed(rest))
            return []
        if kind == "until":
            self.until(rest)
            return []
        if kind == "resize":
            cols, rows = map(int, rest.split("x"))
            return [self.timed(lambda: self.tty.resize(cols, rows))]
        m = re.fullmatch(r"(.+?)\*(\d+)", step)
        name, n = (m[1], int(m[2])) if m else (step, 1)
        return [self.timed(lambda: self.tty.send(typed(name))) for _ in range(n)]

    def timed(self, act, rx=None):
        while self.tty.read(chance.uniform(0, 20)):  # at a random moment of the program's frame clock
            pass
        cpu, t = self.tty.cpu(), now()
        act()
        s = self.tty.settle(t, QUIET, LIMIT, rx)
        s["cpu"] = self.tty.cpu() - cpu
        self.tty.show()
        return s

    def find(self, step):
        keys, _, rx = step.partition("~")
        *before, last = keys.split("|")
        for k in before:
            self.timed(lambda: self.tty.send(typed(k)))
        return self.timed(lambda: self.tty.send(typed(last)), re.compile(rx))

    def until(self, step):
        key, _, rx = step.partition("~")
        rx, end = re.compile(rx), now() + PATIENCE * 1e9
        while not rx.search(self.tty.text()):
            if now() > end or self.tty.ended:
                raise RuntimeError(f"the screen never matched {rx.pattern}; it showed\n{self.tty.text()}")
            self.tty.send(typed(key))
            due = now() + PACE * MS
            while now() < due:
                self.tty.read((due - now()) / MS)
            self.tty.show()

    def close(self, quit_keys=b"q"):
        self.peak = self.tty.peak()  # kB
        self.tty.close(quit_keys)


def typed(key):
    return (KEYS[key] if key in KEYS else codecs.decode(key, "unicode_escape")).encode()


def median(samples, what):
    """The median of what the samples say; None if there is none.

    A key that was ignored, at the end of a list say, does not count. A screen that
    was waited for and did not come took longer than any other.
    """
    missing = [math.inf] if what == "hit" else []
    got = [x for s in samples for x in ([s[what]] if s[what] is not None else missing)]
    m = statistics.median(got) if got else math.inf
    return None if m == math.inf else m


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--size", default="160x50")
    ap.add_argument("--expect", default=".", help="what the first screen must match")
    ap.add_argument("--steps", default="")
    ap.add_argument("--quit", default="q", help="keys that end the program")
    ap.add_argument("--show", action="store_true", help="print the last screen")
    ap.add_argument("command", nargs="+")
    a = ap.parse_args()
    s = Session(a.command, a.expect, tuple(map(int, a.size.split("x"))))
    s.play(a.steps)
    if a.show:
        print(s.tty.text())
    s.close(typed(a.quit))
    cell = lambda x: f"{'-' if x is None else format(x, '.2f'):>10}"
    print(f"{'':32}{'n':>5}{'last':>10}{'hit':>10}{'bytes':>10}{'cpu':>10}")
    for label, got in {"startup": [s.startup], **s.samples}.items():
        print(f"{label[:32]:32}{len(got):>5}" + "".join(cell(median(got, x)) for x in ("last", "hit", "bytes", "cpu")))
    print(f"peak memory {s.peak} kB")


if __name__ == "__main__":
    main()
