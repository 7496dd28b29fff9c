"""A lease: toxics that are tied to it go when its holder does not renew it in time."""

from __future__ import annotations

import threading
from typing import Any, Mapping, Optional

from .errors import AconiteError
from .transport import Transport, path_of


class Lease:
    """A lease of `ttl` milliseconds, `left` of them when the server was asked last.

    As a context manager it is renewed by a thread at a third of its time, and ended at the end;
    NotFound then if it was lost meanwhile, and so the toxics.
    """

    def __init__(self, api: Transport, made: Mapping[str, Any]) -> None:
        self._api = api
        self._over = threading.Event()
        self._thread: Optional[threading.Thread] = None
        self._take(made)

    def _take(self, made: Mapping[str, Any]) -> None:
        self.id: str = made["id"]
        self.ttl: int = made["ttl"]
        self.left: int = made["left"]

    def renew(self) -> Lease:
        """Its time begins anew; itself. NotFound if it has ended."""
        self._take(self._api.ask("POST", path_of("leases", self.id)).json())
        return self

    def end(self) -> None:
        """Ends it and removes its toxics. NotFound if it has ended."""
        self._api.ask("DELETE", path_of("leases", self.id))

    def _keep(self) -> None:
        while not self._over.wait(self.ttl / 3000):
            try:
                self.renew()
            except AconiteError:
                return  # the lease is lost or soon will be, as the end of the block tells

    def __enter__(self) -> Lease:
        self._thread = threading.Thread(target=self._keep, name="aconite lease", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        try:
            self.end()
        except AconiteError:
            if kind is None:
                raise
