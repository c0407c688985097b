#!/usr/bin/env python3
"""Renders docs/images/download.svg from a real run: docs/images/render.py PATH-OF-FRESHET

Runs `freshet demo` in a terminal (tmux), takes the frame that is on it in the middle of the download, colours included, and writes it as SVG.
"""
import html
import pathlib
import re
import subprocess
import sys
import time

COLUMNS, ROWS = 100, 8
CELL, LINE, MARGIN = 8.4, 19, 14
COLOURS = {"2": "#3fb950", "10": "#3fb950", "3": "#d29922", "8": "#8b949e", "1": "#f85149", "7": "#8b949e"}
SESSION = ["tmux", "-L", "freshet-picture"]


def tmux(*arguments):
    return subprocess.run([*SESSION, *arguments], check=True, capture_output=True, text=True).stdout


def frame(program):
    command = f"{program} demo --size 192MiB --rate 12MiB/s; sleep 60"
    tmux("new-session", "-d", "-x", str(COLUMNS), "-y", str(ROWS), command)
    try:
        for _ in range(300):
            shown = tmux("capture-pane", "-e", "-p")
            done = re.search(r"(\d+)\.\d%", shown)
            if done and int(done.group(1)) >= 40:
                return shown.rstrip().split("\n")
            time.sleep(0.1)
        raise SystemExit("The demo did not get that far.")
    finally:
        subprocess.run([*SESSION, "kill-server"], check=False)


def spans(line):
    colour, bold, column = "#e6edf3", False, 0
    for escape, text in re.findall(r"\x1b\[([\d;]*)m|([^\x1b]+)", line):
        if text:
            weight = ' font-weight="bold"' if bold else ""
            yield f'<tspan x="{MARGIN + column * CELL:.1f}" fill="{colour}"{weight}>{html.escape(text)}</tspan>'
            column += len(text)
            continue
        codes = escape.split(";") if escape else ["0"]
        if codes[:2] == ["38", "5"]:
            colour = COLOURS.get(codes[2], "#e6edf3")
            continue
        for code in codes:
            if code in ("0", ""):
                colour, bold = "#e6edf3", False
            elif code == "1":
                bold = True
            elif code[0] in "39" and len(code) == 2:
                colour = COLOURS.get(str(int(code[1]) + (8 if code[0] == "9" else 0)), "#e6edf3")


def main():
    lines = frame(sys.argv[1])
    width, height = COLUMNS * CELL + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN
    rows = "\n".join(
        f'<text y="{MARGIN + (i + 0.75) * LINE:.1f}" xml:space="preserve">{"".join(spans(line))}</text>' for i, line in enumerate(lines))
    target = pathlib.Path(__file__).with_name("download.svg")
    target.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'font-family="ui-monospace,Menlo,Consolas,monospace" font-size="14">\n'
        f'<rect width="100%" height="100%" rx="8" fill="#0d1117"/>\n{rows}\n</svg>\n')


main()
