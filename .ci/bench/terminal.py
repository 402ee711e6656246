"""The terminal's part: a pseudo-terminal with a program in it.

It answers the usual queries, so that no program waits for one in vain, and shows
what was written on a screen (pyte's) that expressions can be matched against.
"""
import codecs
import fcntl
import os
import re
import select
import signal
import struct
import termios
import time

import pyte

now = time.perf_counter_ns  # CLOCK_MONOTONIC, the same in every process
MS = 1e6  # ns
IGNORES = 300 * MS  # a program that did next to nothing for so long has ignored a key
GIVES_UP = 5000 * MS  # and after so long, it will not show what is waited for
UNSEEN = 1000 * MS  # pyte is slow: it is shown what came while nothing comes, or after so long

QUERY = re.compile(
    rb"\x1b\[(?:(0?c)|(>0?c)|(6n)|(5n)|\?(\d+)\$p|(>0?q)|(\?u)|(18t)|(14t))"
    rb"|\x1b\](1[012]);\?(?:\x07|\x1b\\)|(\x1bP\+q[^\x1b]*\x1b\\)")
# What pyte would print or misread: private CSI, DCS, APC, cursor shapes.
NOISE = re.compile(
    r"\x1b\[[<=>][0-9;:]*[ -/]*[@-~]|\x1b\[[0-9;:?]*\$[a-z]|\x1b[P_^X][^\x1b]*\x1b\\|\x1b\[\?u|\x1b\[[0-9;]* q")
# A sequence that the end of a chunk cut.
CUT = re.compile(r"\x1b(?:\[[0-9;:<=>?$ ]*|[P_^X\]][^\x1b\x07]*\x1b?|)$")


def answer(query, cols, rows):
    """What a terminal says to a match of QUERY."""
    attributes, version2, cursor, status, mode, version, kitty, cells, pixels, colour, _ = query.groups()
    if attributes:
        return b"\x1b[?62;22c"
    if version2:
        return b"\x1b[>1;10;0c"
    if cursor:
        return b"\x1b[1;1R"
    if status:
        return b"\x1b[0n"
    if mode:
        return b"\x1b[?%s;%d$y" % (mode, 2 if mode in (b"2026", b"2027") else 0)
    if version:
        return b"\x1bP>|ptybench 1\x1b\\"
    if kitty:
        return b"\x1b[?0u"
    if cells:
        return b"\x1b[8;%d;%dt" % (rows, cols)
    if pixels:
        return b"\x1b[4;%d;%dt" % (rows * 20, cols * 10)
    if colour:
        return b"\x1b]%s;rgb:%s\x1b\\" % (colour, b"0000/0000/0000" if colour == b"11" else b"d0d0/d0d0/d0d0")
    return b"\x1bP0+r\x1b\\"


class Screen(pyte.Screen):
    """pyte's screen, with the sequences that programs use and it does not know."""

    last = " "

    @property
    def display(self):  # pyte's own fails on some wide characters
        return ["".join(self.buffer[y][x].data for x in range(self.columns)) for y in range(self.lines)]

    def draw(self, data):
        super().draw(data)
        if data:
            self.last = data[-1]

    def at_top_margin(self, act, n):
        top = self.margins.top if self.margins else 0
        y, self.cursor.y = self.cursor.y, top
        act(n or 1)
        self.cursor.y = y

    def scroll_up(self, n=1):  # CSI S
        self.at_top_margin(self.delete_lines, n)

    def scroll_down(self, n=1):  # CSI T
        self.at_top_margin(self.insert_lines, n)

    def repeat(self, n=1):  # CSI b
        super().draw(self.last * (n or 1))

    def tab_back(self, n=1):  # CSI Z
        for _ in range(n or 1):
            self.cursor.x = max([s for s in self.tabstops if s < self.cursor.x], default=0)


class Stream(pyte.Stream):
    csi = dict(pyte.Stream.csi, S="scroll_up", T="scroll_down", b="repeat", Z="tab_back", I="tab")
    events = frozenset(pyte.Stream.events | {"scroll_up", "scroll_down", "repeat", "tab_back"})


def come_first(flags=0):
    """Keep busy neighbours out of the figures, if this process may."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR | flags, os.sched_param(1))
    except OSError:
        pass


def start(argv, slave, report, env):
    """The child's side of a fork: take the terminal, tell the time, become argv."""
    try:
        come_first()
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for fd in (0, 1, 2):
            os.dup2(slave, fd)
        full = dict(os.environ, TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8", **env)
        for name in ("COLUMNS", "LINES"):
            full.pop(name, None)
        os.write(report, struct.pack("q", now()))
        os.execvpe(argv[0], argv, full)
    finally:
        os._exit(127)


class Tty:
    """A program in a pseudo-terminal, and what it has written."""

    def __init__(self, argv, cols=160, rows=50, env=None):
        self.cols, self.rows = cols, rows
        self.master, slave = os.openpty()
        self.set_size()
        told, report = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            start(argv, slave, report, env or {})
        os.close(slave)
        os.close(report)
        self.started = struct.unpack("q", os.read(told, 8))[0]  # just before exec
        os.close(told)
        self.poll = select.poll()
        self.poll.register(self.master, select.POLLIN)
        self.screen = Screen(cols, rows)
        self.stream = Stream(self.screen)
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.unseen = []  # (time, bytes) that the screen has not been shown
        self.tail, self.asked = "", b""  # what a chunk's end cut: of a sequence, of a query
        self.application_keys = False  # DECCKM
        self.peaks = {}  # kB by process
        self.ended = False

    def set_size(self):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", self.rows, self.cols, self.cols * 10, self.rows * 20))

    def resize(self, cols, rows):
        self.cols, self.rows = cols, rows
        self.set_size()  # the kernel sends SIGWINCH
        self.screen.resize(rows, cols)

    def send(self, keys):
        """Write keys as a terminal would."""
        if self.application_keys:
            keys = re.sub(rb"\x1b\[([ABCDHF])", b"\x1bO\\1", keys)
        os.write(self.master, keys)

    def read(self, wait_ms):
        """One chunk as (time, bytes), or None if none came in that time."""
        if self.ended or not self.poll.poll(max(0, wait_ms)):
            return None
        try:
            data = os.read(self.master, 65536)
        except OSError:
            data = b""
        t = now()
        if not data:
            self.ended = True
            return None
        on, off = data.rfind(b"\x1b[?1h"), data.rfind(b"\x1b[?1l")
        if on != off:
            self.application_keys = on > off
        self.reply(data)
        self.unseen.append((t, data))
        return t, data

    def reply(self, data):
        text = self.asked + data
        end = 0
        for query in QUERY.finditer(text):
            end = query.end()
            os.write(self.master, answer(query, self.cols, self.rows))
        self.asked = text[max(end, len(text) - 64):]

    def show(self, rx=None):
        """Show the screen what came; the time of the first chunk after which it matches rx."""
        found = None
        for t, data in self.unseen:
            text = self.tail + self.decoder.decode(data)
            cut = CUT.search(text)
            self.tail = text[cut.start():] if cut else ""
            text = text[:cut.start()] if cut else text
            try:
                self.stream.feed(NOISE.sub("", text))
            except Exception:  # pyte knows few sequences: what it cannot take is not shown
                pass
            if rx and found is None and rx.search(self.text()):
                found = t
        self.unseen.clear()
        return found

    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    def settle(self, since, quiet, limit, rx=None):
        """Read until the screen was quiet for that many ms and, with rx, matches it.

        Returns ms since `since`: first and last byte, and hit, when the screen
        matched; None for what did not come. A program that ignores a key is not
        waited for, nor one that does not get quiet after the hit, nor anything
        longer than limit ms.
        """
        first = last = hit = None
        size, end = 0, now() + limit * MS
        idle = Idle(self)
        while now() < end and not self.ended:
            chunk = self.read(quiet)
            if chunk:
                last, size = chunk[0], size + len(chunk[1])
                first = first or last
                idle = Idle(self)
            if rx and not hit and self.unseen and (not chunk or last - self.unseen[0][0] > UNSEEN):
                hit = self.show(rx)
            if chunk and not (hit and last - hit > UNSEEN):
                continue
            if hit if rx else first:
                break
            if idle.for_longer_than(IGNORES if rx is None else GIVES_UP):
                break
        ms = lambda t: None if t is None else (t - since) / MS
        return dict(first=ms(first), last=ms(last), hit=ms(hit), bytes=size)

    def tree(self):
        """The process and its descendants."""
        todo, found = [self.pid], []
        while todo:
            p = todo.pop()
            try:
                for t in os.listdir(f"/proc/{p}/task"):
                    with open(f"/proc/{p}/task/{t}/children") as f:
                        todo += map(int, f.read().split())
                found.append(p)
            except OSError:
                pass
        return found

    def cpu(self):
        """CPU ms of the live tree, by the kernel's clocks for each process."""
        total = 0.0
        for p in self.tree():
            try:
                total += time.clock_gettime((~p << 3) | 2)
            except OSError:
                pass
        return total * 1e3

    def peak(self):
        """Peak memory in kB: the sum of the peaks of all processes so far."""
        for p in self.tree():
            try:
                with open(f"/proc/{p}/status") as f:
                    m = re.search(r"VmHWM:\s+(\d+)", f.read())
                if m:
                    self.peaks[p] = int(m[1])
            except OSError:
                pass
        return sum(self.peaks.values())

    def close(self, keys):
        """End the program by its keys, or else by a signal."""
        self.peak()
        try:
            os.write(self.master, keys)
        except OSError:
            pass
        end = now() + 1500 * MS
        while not os.waitpid(self.pid, os.WNOHANG)[0]:
            self.read(10)
            if now() > end:
                for p in reversed(self.tree()):  # only what we started, by number
                    try:
                        os.kill(p, signal.SIGKILL)
                    except OSError:
                        pass
        os.close(self.master)


class Idle:
    """For how long a program has done next to nothing: a twentieth of a core."""

    def __init__(self, tty):
        self.tty, self.since, self.checked, self.cpu = tty, now(), now(), None

    def for_longer_than(self, ns):
        if now() - self.checked > IGNORES:
            cpu = self.tty.cpu()
            self.tty.peak()
            if self.cpu is None or cpu - self.cpu > 0.05 * (now() - self.checked) / MS:
                self.since = self.checked if self.cpu is None else now()
            self.cpu, self.checked = cpu, now()
        return self.cpu is not None and now() - self.since > ns
