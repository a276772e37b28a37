"""What libfairlead.so shows to a process: its own names, and a short list of libraries it needs.

    python exported_symbols_test.py libfairlead.so
"""

import re
import subprocess
import sys
import unittest

# zlib and fmt beside the C++ runtime; a sanitizer's runtime in sanitized builds.
ALLOWED_LIBRARIES = r"^(libz|libfmt|libxxhash|libmd|libtbb|libstdc\+\+|libm|libgcc_s|libc|libdl|libpthread|ld-linux-x86-64|libasan|libubsan|libtsan)\.so"


class ExportedSymbols(unittest.TestCase):
    def test_are_fairleads_own(self):
        listing = subprocess.run(["nm", "-DC", "--defined-only", LIBRARY], capture_output=True, text=True, check=True).stdout
        names = [line.split(maxsplit=2)[-1] for line in listing.splitlines()]
        self.assertGreater(len(names), 100)
        foreign = [name for name in names if not re.match(r"(.* for |.* to )?fairlead(::|_)", name)]
        self.assertEqual(foreign, [])

    def test_needs_no_more_than_the_list(self):
        listing = subprocess.run(["readelf", "-dW", LIBRARY], capture_output=True, text=True, check=True).stdout
        needed = re.findall(r"\(NEEDED\).*\[(.*)\]", listing)
        self.assertIn("libc.so.6", needed)
        self.assertEqual([library for library in needed if not re.match(ALLOWED_LIBRARIES, library)], [])


if __name__ == "__main__":
    LIBRARY = sys.argv.pop(1)
    unittest.main()
