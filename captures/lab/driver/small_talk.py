"""Questions and answers on a port of their own, so that a scenario does not have the wire for itself."""

import threading
import time

from .sockets import read

PORT = 6001
QUESTION, ANSWER = b'q' * 120, b'a' * 3000
PAUSE = 0.15  # seconds


class SmallTalk:
    """`with SmallTalk(lab):` a connection beside those of the scenario is in use until the block ends, and then closed by the client."""

    def __init__(self, lab):
        self.lab = lab
        self._is_over = threading.Event()

    def __enter__(self):
        listener = self.lab.listen(PORT)
        self._client = self.lab.connect(PORT)
        self._server = self.lab.accept(listener)
        self._answering = self.lab.in_background(self._answer)
        self._asking = self.lab.in_background(self._ask)

    def __exit__(self, *_):
        self._is_over.set()
        self._asking.join()
        self.lab.close(self._client, 'client of the small talk')
        self._answering.join()
        self.lab.close(self._server, 'server of the small talk')

    def _ask(self):
        while not self._is_over.is_set():
            self._client.send(QUESTION)
            read(self._client, len(ANSWER))
            time.sleep(PAUSE)

    def _answer(self):
        while read(self._server, len(QUESTION)):
            self._server.send(ANSWER)
