"""Plays a scenario, judges what the kernel testified, and keeps the recording only when that shows the intended cause."""

import json
import os
import shutil
import tempfile
import time
import traceback
import zlib

from .lab import Lab
from .proof import Proof

REFUSED = os.path.join(tempfile.gettempdir(), 'refused-recordings')


class Recording:
    """The outcome: the truth, the claims and whether they hold."""

    def __init__(self, scenario, truth, proof, seconds):
        self.scenario, self.truth, self.proof, self.seconds = scenario, truth, proof, seconds
        self.folder = None  # where it was written

    @property
    def is_accepted(self):
        return self.truth['error'] is None and self.proof.holds


def record(scenario, into):
    """Records into <into>/<plot>, which stays as it was when the recording is not accepted: that one goes to REFUSED, to be looked at."""
    started = time.time()
    with tempfile.TemporaryDirectory(prefix='tcp-lab-') as folder:
        lab = Lab(scenario.plot, scenario.story, subnet_of(scenario.plot), folder, **scenario.settings)
        try:
            truth = lab.finish(play(scenario, lab))
        finally:
            lab.destroy()
        proof = Proof(truth, folder)
        if truth['error'] is None:
            proof.that('the tracer heard everything', not truth['trace_lost'], truth['trace_lost'])
            scenario.prove(proof)
        truth['checks'] = proof.checks
        recording = Recording(scenario, truth, proof, time.time() - started)
        recording.folder = os.path.join(into if recording.is_accepted else REFUSED, scenario.plot)
        keep(recording, folder)
    return recording


def play(scenario, lab):
    """Returns what went wrong, None when all went well."""
    try:
        scenario.play(lab)
    except Exception:
        return traceback.format_exc()
    return None


def subnet_of(plot):
    """Two plots can be recorded beside each other, and each has the same addresses every time."""
    return 20 + zlib.crc32(plot.encode()) % 200


def keep(recording, source):
    target = recording.folder
    os.makedirs(target, exist_ok=True)
    for name in os.listdir(target):
        if name.endswith('.pcap'):
            os.remove(os.path.join(target, name))
    for capture in recording.truth['captures']:
        shutil.copy(os.path.join(source, capture['file']), target)
    with open(os.path.join(target, 'truth.json'), 'w') as file:
        file.write(as_lines(recording.truth))


def as_lines(truth):
    """JSON with one event a line."""
    parts = []
    for key, value in truth.items():
        if isinstance(value, list) and value:
            text = '[\n' + ',\n'.join('  ' + json.dumps(each) for each in value) + '\n ]'
        elif isinstance(value, dict) and value:
            text = '{\n' + ',\n'.join(f'  {json.dumps(name)}: {json.dumps(each)}' for name, each in value.items()) + '\n }'
        else:
            text = json.dumps(value)
        parts.append(f' {json.dumps(key)}: {text}')
    return '{\n' + ',\n'.join(parts) + '\n}\n'
