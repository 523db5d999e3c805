"""bpftrace with trace.bt beside one recording, and its clock."""

import atexit
import os
import signal
import subprocess
import time

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'trace.bt')
SECONDS_TO_START = 30
SECONDS_TO_STOP = 5


class Tracer:
    """Writes one line per event; they are read when the recording is over."""

    def __init__(self, folder):
        self._output = os.path.join(folder, 'trace.log')
        self._errors = os.path.join(folder, 'trace.errors')
        environment = dict(os.environ, BPFTRACE_PERF_RB_PAGES='256')
        with open(self._output, 'w') as output, open(self._errors, 'w') as errors:
            self._process = subprocess.Popen(['bpftrace', '-B', 'line', PROGRAM], stdout=output, stderr=errors, env=environment)
        atexit.register(self._process.kill)  # whatever happens to the recording
        self._wait_for_begin()

    def _wait_for_begin(self):
        for _ in range(SECONDS_TO_START * 10):
            time.sleep(0.1)
            if self._process.poll() is not None:
                break
            with open(self._output) as output:
                if '|begin' in output.read(4096):
                    return
        with open(self._errors) as errors:
            raise RuntimeError(f'bpftrace did not start: {errors.read().strip()}')

    def stop(self):
        """Returns the events since the start as lists of fields, in order of time."""
        time.sleep(0.6)  # until the last events have come out of its buffers
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()  # its lines are complete: it writes each at once
        with open(self._output, errors='replace') as output:
            lines = [line.rstrip('\n').split('|') for line in output]
        self.lost = [fields[0] for fields in lines if fields[0].startswith('Lost ')]
        events = [fields for fields in lines if len(fields) > 2 and fields[0] != '#' and fields[1].isdigit()]
        return sorted(events, key=lambda fields: int(fields[1]))


def monotonic_to_wall():
    """Nanoseconds from the tracer's clock to that of the captures, and how exact that is: the best of 200 readings."""
    best = None
    for _ in range(200):
        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        wall = time.clock_gettime_ns(time.CLOCK_REALTIME)
        after = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        if best is None or after - before < best[0]:
            best = (after - before, wall - (before + after) // 2)
    return best[1], best[0]
