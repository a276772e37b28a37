"""Wall time and peak memory of whole processes."""
import dataclasses
import os
import statistics
import subprocess
import time


@dataclasses.dataclass
class Run:
    seconds: float
    peak_mib: float


def run(command: list[str]) -> Run:
    """Runs the command to its end, its output aside; raises when it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} exited with {process.returncode}:\n{errors.decode(errors='replace')[-2000:]}")
    return Run(seconds, usage.ru_maxrss / 1024)


def alternating(commands: dict[str, list[str]], rounds: int) -> dict[str, Run]:
    """Each command once a round, in turn, so that a busy machine slows all of them; the medians."""
    runs = {name: [] for name in commands}
    for command in commands.values():
        run(command)  # the page cache is warm for everybody
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(run(command))
    return {
        name: Run(statistics.median(r.seconds for r in some), statistics.median(r.peak_mib for r in some))
        for name, some in runs.items()
    }
