"""Gives each connection to the next instance that is well: `balancer.py PORT HOST:PORT HOST:PORT`.

An instance that refuses a connection is left out until a look at it, five times a second, finds it
well again. The connection goes to the next one, so that its client sees nothing of that.
"""

import asyncio
import sys

LOOK_S = 0.2
PATIENCE_S = 1


class Balancer:
    def __init__(self, instances):
        self._instances = instances
        self._well = dict.fromkeys(instances, True)
        self._turn = 0

    async def serve(self, port):
        server = await asyncio.start_server(self._relay, "127.0.0.1", port)
        print(f"balancer on port {port}", flush=True)
        async with server:
            await asyncio.gather(*map(self._watch, self._instances))

    async def _watch(self, instance):
        while True:
            try:
                _, writer = await self._open(instance)
                writer.close()
                self._well[instance] = True
            except (OSError, asyncio.TimeoutError):
                self._well[instance] = False
            await asyncio.sleep(LOOK_S)

    @staticmethod
    async def _open(instance):
        host, port = instance.rsplit(":", 1)
        return await asyncio.wait_for(asyncio.open_connection(host, int(port)), PATIENCE_S)

    async def _next(self):
        """A connection to whoever is next and answers; None if nobody does."""
        for _ in self._instances:
            instance = self._instances[self._turn % len(self._instances)]
            self._turn += 1
            if not self._well[instance]:
                continue
            try:
                return await self._open(instance)
            except (OSError, asyncio.TimeoutError):
                self._well[instance] = False
        return None

    async def _relay(self, reader, writer):
        opened = await self._next()
        if opened is None:
            writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n"
                         b"Connection: close\r\n\r\n")
            writer.close()
            return
        to_reader, to_writer = opened
        await asyncio.gather(pump(reader, to_writer), pump(to_reader, writer))


async def pump(source, target):
    try:
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    except OSError:
        pass
    finally:
        target.close()


if __name__ == "__main__":
    asyncio.run(Balancer(sys.argv[2:]).serve(int(sys.argv[1])))
