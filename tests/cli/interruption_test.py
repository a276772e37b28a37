"""Runs that are interrupted or have no room: what they leave, and what they end with."""

import fcntl
import os
import pathlib
import signal
import subprocess
import unittest

from command_line_case import FAIRLEAD, CommandLineCase

INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGXCPU)


def status_of(process, field):
    lines = pathlib.Path(f"/proc/{process}/status").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith(f"{field}:"))


def handles_or_ignores(process, number):
    return any(int(status_of(process, field), 16) >> (number - 1) & 1 for field in ("SigCgt", "SigIgn"))


def as_in_a_terminal():
    for number in INTERRUPTIONS:
        signal.signal(number, signal.SIG_DFL)  # a job in the background inherits that some are ignored


def sleeps(process):
    return status_of(process, "State") == "S"


class NoRoom(CommandLineCase):
    def test_full_disk_leaves_nothing(self):
        digits = self.digits()
        run = subprocess.run(["bash", "-c", 'ulimit -f 100; trap "" XFSZ; exec "$0" export "$1"', FAIRLEAD, digits],
                             cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(run.returncode, 17, run.stderr)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["digits.pt2"])

    def test_limit_of_file_sizes_leaves_nothing(self):
        """The signal of the limit, which ends a process unless it is ignored, is the tool's own business."""
        digits = self.digits()
        for options in ((), ("--weights", "external"), ("--json", "report.json")):
            with self.subTest(options=options):
                run = subprocess.run(["bash", "-c", 'ulimit -f 100; exec "$@"', "bash", FAIRLEAD, "export", digits, *options],
                                     cwd=self.folder, capture_output=True, text=True)
                self.assertEqual(run.returncode, 17, run.stderr)
                self.assertIn("error FL6015: ", run.stderr)
                (self.folder / "report.json").unlink(missing_ok=True)
                self.assertEqual([path.name for path in self.folder.iterdir()], ["digits.pt2"])


class Interruption(CommandLineCase):
    def batch(self, *options, stdout, models=300, preexec=as_in_a_terminal):
        """A process that is busy writing models for a while."""
        digits = self.digits()
        (self.folder / "list.tsv").write_text("".join(f"{digits}\t{i}.onnx\n" for i in range(models)))
        return subprocess.Popen([FAIRLEAD, "export", "--batch", "list.tsv", *options], cwd=self.folder, stdout=stdout,
                                stderr=subprocess.PIPE, text=True, preexec_fn=preexec)

    def wait_for_a_file_in_the_making(self, run):
        while run.poll() is None and not any(path.name.startswith(".fairlead.") for path in self.folder.iterdir()):
            pass

    def assert_files_are_whole(self):
        names = {path.name for path in self.folder.iterdir()}
        self.assertEqual([name for name in names if name.startswith(".")], [])
        models = [name for name in names if name.endswith(".onnx")]
        self.assertLess(len(models), 300)
        self.assertLessEqual(len({(self.folder / name).read_bytes() for name in models}), 1)

    def test_interrupt_of_any_kind_leaves_whole_files(self):
        for number in INTERRUPTIONS:
            for jobs in (1, 3):
                with self.subTest(signal=number, jobs=jobs):
                    run = self.batch("-j", str(jobs), stdout=subprocess.DEVNULL)
                    self.wait_for_a_file_in_the_making(run)
                    run.send_signal(number)
                    _, said = run.communicate(timeout=60)
                    self.assertEqual(run.returncode, 130, said)
                    self.assertIn("FL9016: interrupted.", said)
                    self.assert_files_are_whole()

    def test_interrupt_that_is_ignored_is_ignored(self):
        run = self.batch(stdout=subprocess.DEVNULL, models=5, preexec=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        self.wait_for_a_file_in_the_making(run)
        run.send_signal(signal.SIGHUP)
        _, said = run.communicate(timeout=60)
        self.assertEqual(run.returncode, 0, said)

    def test_reader_that_goes_leaves_whole_files(self):
        for jobs in (1, 3):
            with self.subTest(jobs=jobs):
                run = self.batch("-j", str(jobs), stdout=subprocess.PIPE)
                run.stdout.readline()
                run.stdout.close()
                with run.stderr:
                    said = run.stderr.read().splitlines()
                self.assertEqual(run.wait(timeout=60), -signal.SIGPIPE)
                self.assertEqual([line for line in said if ": FL9016: interrupted" not in line], [])  # by other threads
                self.assert_files_are_whole()

    def interrupted(self, room):
        """Exit code of a run that may print `room` bytes before nobody reads on, and that was interrupted there."""
        read_end, write_end = os.pipe()
        os.write(write_end, b"." * (fcntl.fcntl(write_end, fcntl.F_SETPIPE_SZ, 4096) - room))
        command = [FAIRLEAD, "export", self.folder / "digits.pt2", "-o", "out.onnx"]
        with os.fdopen(read_end, "rb") as pipe, subprocess.Popen(command, cwd=self.folder, stdout=write_end, stderr=write_end,
                                                                 preexec_fn=as_in_a_terminal) as run:
            os.close(write_end)
            # It waits for a reader, in the last line for nothing else: interruptions are ignored there. Or all it says found room.
            while run.poll() is None and not (sleeps(run.pid) and handles_or_ignores(run.pid, signal.SIGINT)):
                pass
            run.send_signal(signal.SIGINT)
            if room:
                pipe.read()
            return run.wait(timeout=60)

    def test_interrupt_before_the_first_line_ends_at_once(self):
        self.digits()
        self.assertEqual(self.interrupted(room=0), 130)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["digits.pt2"])

    def test_interrupt_says_its_rule(self):
        read_end, write_end = os.pipe()
        os.write(write_end, b"." * fcntl.fcntl(write_end, fcntl.F_SETPIPE_SZ, 4096))  # so that the version cannot be printed
        with os.fdopen(read_end), subprocess.Popen([FAIRLEAD, "version"], stdout=write_end, stderr=subprocess.PIPE,
                                                      preexec_fn=as_in_a_terminal) as run:
            os.close(write_end)
            while run.poll() is None and not (sleeps(run.pid) and handles_or_ignores(run.pid, signal.SIGINT)):
                pass
            run.send_signal(signal.SIGINT)
            self.assertEqual(run.stderr.read(), b"\nFL9016: interrupted.\n")
            self.assertEqual(run.wait(timeout=60), 130)

    def test_interrupt_leaves_nothing_or_a_whole_file(self):
        self.succeeds("export", self.digits(), "-o", "whole.onnx")
        for room in range(50, 500, 50):
            code = self.interrupted(room)
            written = self.folder / "out.onnx"
            self.assertIn(code, (0, 130))
            self.assertEqual(written.exists(), code == 0)
            if code == 0:
                self.assertEqual(written.read_bytes(), (self.folder / "whole.onnx").read_bytes())
                written.unlink()
            self.assertEqual({path.name for path in self.folder.iterdir()}, {"digits.pt2", "whole.onnx"})


if __name__ == "__main__":
    unittest.main()
