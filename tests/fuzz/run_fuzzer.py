"""Runs a libFuzzer target for some seconds from its seeds; fails on a finding, and when it got too little done.

    python run_fuzzer.py TARGET SEEDS SECONDS LEAST

What the fuzzer finds on its way goes into a folder that is thrown away; an input that breaks the target stays where the
message says.
"""

import pathlib
import re
import subprocess
import sys
import tempfile


def main(target, seeds, seconds, least):
    with tempfile.TemporaryDirectory(prefix="fairlead-fuzz-") as corpus:
        run = subprocess.run(
            [target, f"-max_total_time={seconds}", "-timeout=5", "-rss_limit_mb=2048", "-print_final_stats=1", "-seed=1",
             f"-artifact_prefix={pathlib.Path.cwd()}/", corpus, seeds], capture_output=True, text=True, errors="replace")
    executed = re.search(r"stat::number_of_executed_units: *(\d+)", run.stderr)
    if run.returncode != 0 or executed is None:
        sys.stderr.write(run.stderr[-8000:])
        return 1
    print(f"{pathlib.Path(target).name}: {executed[1]} executions")
    if int(executed[1]) < int(least):
        print(f"fewer than {least}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
