#!/usr/bin/env python3
"""Records plots of captures/ again, with the running kernel as the witness.

npm run record -- <plot> ...         records <topic>/<plot>; an unambiguous part of the name is enough
npm run record -- --list             every plot that can be recorded, and its story
npm run record -- --into DIR <plot>  records into another folder than captures/
"""

import argparse
import difflib
import os
import sys

from driver import requirements
from driver.scenario import all_scenarios

CAPTURES = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORTH_SAYING = (
    'Abort', 'Backlog', 'Challenge', 'Cookies', 'DSACK', 'Drop', 'Embryonic', 'FastRetrans', 'FullUndo', 'KeepAlive', 'ListenOverflows', 'LossProbes',
    'LossUndo', 'MTUP', 'OutRsts', 'PAWS', 'Prune', 'ReqQFull', 'RetransSegs', 'Reorder', 'Spurious', 'SynRetrans', 'TSEcr', 'TW', 'Timeouts',
    'WinProbe', 'ZeroWindow',
)  # fmt: skip


def main():
    options = parse()
    scenarios = all_scenarios()
    if options.list:
        for plot, each in scenarios.items():
            print(f'{plot}\n    {each.story}')
        return 0
    if not options.plots:
        return fail('name a plot, or --list')
    plots = []
    for name in options.plots:
        found = find(name, scenarios)
        if len(found) != 1:
            return fail(unknown(name, found, scenarios))
        plots += found
    lacks = requirements.missing()
    if lacks:
        return fail(f'recording needs {"; ".join(lacks)}')
    return 0 if all([record_one(scenarios[plot], options.into) for plot in plots]) else 1


def parse():
    parser = argparse.ArgumentParser(prog='record', description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('plots', nargs='*', metavar='plot')
    parser.add_argument('--list', action='store_true')
    parser.add_argument('--into', default=CAPTURES, metavar='DIR')
    return parser.parse_args()


def find(name, scenarios):
    name = name.strip('/').removeprefix('captures/')
    if name in scenarios:
        return [name]
    ends = [plot for plot in scenarios if plot.split('/', 1)[1] == name]
    return ends or [plot for plot in scenarios if name in plot]


def unknown(name, found, scenarios):
    if found:
        return f'"{name}" may be {" or ".join(found)}'
    if os.path.isdir(os.path.join(CAPTURES, name)):
        return f'{name} was recorded on another kernel: it cannot be recorded here'
    near = difflib.get_close_matches(name, scenarios, 3, 0.4)
    return f'no plot is called "{name}"; {"near: " + ", ".join(near) if near else "--list names them all"}'


def fail(message):
    print(f'record: {message}', file=sys.stderr)
    return 1


def record_one(scenario, into):
    from driver.recording import record  # not at the top: it needs Linux, --list does not

    print(f'{scenario.plot}: {scenario.story}', flush=True)
    recording = record(scenario, into)
    for line in testified(recording.truth):
        print(f'  {line}')
    for check in recording.proof.checks:
        print(f'  {"yes" if check["ok"] else "NO "}  {check["what"]}{" (" + check["detail"][:150] + ")" if check["detail"] else ""}')
    if recording.is_accepted:
        print(f'  accepted after {recording.seconds:.0f} s: {recording.folder}', flush=True)
        return True
    print(f'  not accepted, {into} is as it was; look at {recording.folder}\n{recording.truth["error"] or ""}', flush=True)
    return False


def testified(truth):
    """The kernel's words, in short."""
    for side, counters in truth['nstat'].items():
        told = [f'{name.replace("TcpExt", "")} {value}' for name, value in counters.items() if any(word in name for word in WORTH_SAYING)]
        if told:
            yield f'counters of {side}: {", ".join(told)}'
    for side, counts in truth['drop_counts'].items():
        told = [f'{reason} {count}' for reason, count in counts.items() if not reason.startswith('NOT_SPECIFIED')]
        if told:
            yield f'dropped at {side}: {", ".join(told)}'
    for side in sorted({each['side'] for each in truth['resets_sent']}):
        told = [f'{each["reason"]} in {each["state"]}' for each in truth['resets_sent'] if each['side'] == side]
        yield f'resets of {side}: {", ".join(sorted(set(told)))}'
    for note in truth['notes']:
        yield f'note: {note}'


if __name__ == '__main__':
    sys.exit(main())
