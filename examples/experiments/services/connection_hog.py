"""Somebody who leaks connections: takes all that the PostgreSQL at POSTGRES has, until it ends.

It also takes what others give back. On its way out it gives back everything.
"""

import os
import signal
import sys
import time

import psycopg

TRY_AGAIN_S = 0.05


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    held = []
    while True:
        try:
            held.append(psycopg.connect(os.environ.get("POSTGRES", ""), connect_timeout=2))
        except psycopg.Error as error:
            if held:
                print(f"{len(held)} connections, then:", str(error).strip(), flush=True)
            time.sleep(TRY_AGAIN_S)


if __name__ == "__main__":
    main()
