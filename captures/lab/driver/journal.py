"""What the scenario did and noticed, with the time."""

import time


class Journal:
    def __init__(self):
        self.actions, self.notes, self.snapshots = [], [], {}

    def act(self, text):
        self.actions.append({'t': round(time.time(), 6), 'do': text})

    def note(self, text):
        self.notes.append(text)

    def snapshot(self, label, hosts):
        """What `ss` shows of every socket on these hosts."""
        shown = {role: host.run('ss -tanoieH', check=False) for role, host in hosts.items()}
        self.snapshots[label] = {'t': time.time(), **shown}
