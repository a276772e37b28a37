"""Work in child processes that may crash or hang: it costs the item they had in hand, and nothing else.

A worker reads one JSON value per line and answers each with one line of JSON (`serve`). `run_workers` hands items to
some of them, and starts a fresh one where one died or stayed silent for too long.
"""

import json
import os
import queue
import select
import subprocess
import sys
import threading


def serve(answer):
    """Be a worker: answers every line of standard input with answer(item)."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever libraries print goes to standard error
    for line in sys.stdin:
        answers.write(json.dumps(answer(json.loads(line))) + "\n")
        answers.flush()


class _Worker:
    def __init__(self, command):
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(command, env=environment, **pipes)
        self._pending = b""

    def ask(self, item, limit):
        """(answer, None), or (None, what went wrong)."""
        try:
            self._process.stdin.write(json.dumps(item).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            return None, self._end()
        pipe = self._process.stdout.fileno()
        while b"\n" not in self._pending:
            if not select.select([pipe], [], [], limit)[0]:
                return None, f"no answer within {limit:g} s"
            data = os.read(pipe, 1 << 20)
            if not data:
                return None, self._end()
            self._pending += data
        line, self._pending = self._pending.split(b"\n", 1)
        return json.loads(line), None

    def _end(self):
        return end_of_process(self._process.wait())

    def stop(self):
        """At once: an idle worker has nothing to lose."""
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()


def end_of_process(code):
    return f"killed by signal {-code}" if code < 0 else f"exit status {code}"


def run_workers(command, items, jobs, limit, on_end):
    """Calls on_end(item, answer, None) or on_end(item, None, what went wrong) as items end, never two at the same time."""
    waiting = queue.SimpleQueue()
    for item in items:
        waiting.put(item)
    lock = threading.Lock()

    def work():
        worker = None
        while True:
            try:
                item = waiting.get_nowait()
            except queue.Empty:
                break
            worker = worker or _Worker(command)
            answer, failure = worker.ask(item, limit)
            if failure:
                worker.stop()
                worker = None
            with lock:
                on_end(item, answer, failure)
        if worker:
            worker.stop()

    threads = [threading.Thread(target=work) for _ in range(max(1, jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
