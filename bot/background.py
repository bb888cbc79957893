"""Work in the background: one thread that waits to be woken, and a pool that does the work."""

import logging
import threading
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor

from bot.domain.retry import redacted

log = logging.getLogger(__name__)


class Background(ABC):
    """Drains whenever it is woken, until it is stopped."""

    def __init__(self, name: str, workers: int) -> None:
        self._name = name
        self._pool = ThreadPoolExecutor(workers, name)
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._thread: threading.Thread | None = None

    @abstractmethod
    def drain(self) -> int:
        """Works until nothing is due; how much was taken."""

    def start(self) -> None:
        """Drains in the background, whenever woken."""
        self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something may be due."""
        self._woken.set()

    def stop(self, timeout: float = 10) -> None:
        """Takes nothing more, and finishes what is under way."""
        self._stopping.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join(timeout)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            self._woken.wait()
            self._woken.clear()
            try:
                self.drain()
            except Exception as error:  # noqa: BLE001 -- the next tick tries again
                log.warning("%s: %s: %s", self._name, type(error).__name__, redacted(str(error)))
