"""The states of every connection's ends: exact transitions from the tracepoint, completed by the poll of sock_diag."""

SOON = 0.5  # seconds between a transition and the first poll that shows its mini-socket
BEFORE = 0.05


def timeline(states, polled):
    return sorted(traced(states, polled) + from_poll(polled), key=lambda event: event['t'])


def traced(states, polled):
    """The tracepoint says CLOSE when a socket is replaced by a mini-socket: the poll tells in which state that is."""
    mini_sockets = {}
    for event in polled:
        if event.get('timer') == 'timewait':
            mini_sockets.setdefault(end_of(event), []).append(event)
    events = []
    for event in states:
        entered = {**where(event), 'old': event['old'], 'new': event['new'], 'by': 'trace'}
        if event['new'] == 'CLOSE' and event['old'] in ('FIN_WAIT1', 'FIN_WAIT2', 'CLOSING'):
            near = [poll for poll in mini_sockets.get(end_of(event), []) if -BEFORE <= poll['t'] - event['t'] <= SOON]
            if near:
                entered.update(new=near[0]['state'], note='timewait mini-socket (tracepoint: CLOSE)')
        events.append(entered)
    return events


def from_poll(polled):
    events, before = [], {}
    for event in polled:
        key = end_of(event)
        change = polled_change(before.get(key), event)
        if change:
            events.append({**where(event), 'by': 'diag poll', **change})
        before[key] = event
    return events


def polled_change(before, event):
    """What the poll adds to the tracepoint, None when nothing."""
    state, was = event['state'], before['state'] if before else 'GONE'
    was_mini = bool(before) and before.get('timer') == 'timewait'
    if state == 'SYN_RECV' and was_mini:
        return {'old': 'TIME_WAIT', 'new': 'NEW_SYN_RECV', 'note': 'TIME_WAIT recycled by a new SYN'}
    if state == 'SYN_RECV' and was == 'GONE' and not event['dst'].endswith(':0'):
        return {'old': 'LISTEN', 'new': 'NEW_SYN_RECV'}
    if state == 'TIME_WAIT' and was == 'FIN_WAIT2' and was_mini:
        return {'old': 'FIN_WAIT2', 'new': 'TIME_WAIT'}
    if state == 'GONE' and was_mini:
        return {'old': was, 'new': 'CLOSE', 'note': 'mini-socket gone'}
    if state == 'GONE' and was == 'SYN_RECV':
        return {'old': 'NEW_SYN_RECV', 'new': 'CLOSE', 'note': 'request socket gone'}
    return None


def end_of(event):
    return event['side'], event['src'], event['dst']


def where(event):
    return {'t': event['t'], 'side': event['side'], 'src': event['src'], 'dst': event['dst']}
