#!/usr/bin/env python3
"""Code in a page that says which file it is from stands in that file, line for line.

A fenced block whose first line is a comment with a path of the repository is a quotation. usage: docs_quote.py ROOT PAGE…
"""
import pathlib
import re
import sys

BLOCK = re.compile(r"^```\w+\n(?://|#) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main():
    root = pathlib.Path(sys.argv[1])
    found, wrong = 0, []
    for page in sys.argv[2:]:
        for path, quoted in BLOCK.findall((root / page).read_text()):
            if not (root / path).is_file():
                continue
            found += 1
            if quoted not in (root / path).read_text():
                wrong.append(f"{page}: not in {path}:\n{quoted}")
    if found == 0:
        wrong.append("no quotation was found")
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{found} quotations stand")


if __name__ == "__main__":
    main()
