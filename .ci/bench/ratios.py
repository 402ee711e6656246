"""Prints what backscroll takes, as ratios: see run, which calls it.

  ratios.py ROOT WORK [--million]    the source, and the folder of the built programs
"""
import os
import sys

import browser
import command
import rivals
from setting import Setting

GROUPS = [command.measure, browser.measure, rivals.measure]


def show(title, rows):
    print(f"\n{title}\n")
    print(f"  {'what':60}{'ratio':>9}  budget")
    for what, ratio, budget in rows:
        figure = "not seen" if ratio is None else f"{ratio:.2f}" if ratio < 100 else f"{ratio:.0f}"
        print(f"  {what:60}{figure:>9}  {budget}", flush=True)


def main():
    root, work = sys.argv[1:3]
    with Setting(root, work, "--million" in sys.argv[3:]) as setting:
        for measure in GROUPS:
            for title, rows in measure(setting):
                show(title, rows)


if __name__ == "__main__":
    main()
