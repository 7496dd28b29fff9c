"""Throw-away servers whose protocols are known by their frames alone: MariaDB, NATS, nginx."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from servers.ports import reserve_port
from servers.process import Process, require
from servers.waiting import wait_until


def listens(port):
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


class FramedServer:
    """On a free port of 127.0.0.1, with files in a folder of its own. `user` runs it where root may
    not."""

    def __init__(self, name, user=None):
        self.port = reserve_port()
        self.address = f"127.0.0.1:{self.port}"
        self.folder = Path(tempfile.mkdtemp(prefix=f"aconite-{name}-"))
        self._process = None
        user = user if os.geteuid() == 0 else None
        try:
            if user:
                shutil.chown(self.folder, user)
            command = self.prepare()
            self._process = Process(name, command, f"{self.folder}/log", user=user)
            wait_until(self._answers, f"{name} listening", 30)
        except BaseException:
            self.stop()
            raise

    def _answers(self):
        self._process.check()
        return listens(self.port)

    def prepare(self):
        """Writes what it needs; its command."""
        raise NotImplementedError

    def stop(self):
        if self._process:
            self._process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class MariaDbServer(FramedServer):
    """Without grants: everybody is let in, over TCP."""

    def __init__(self):
        super().__init__("mariadb", user="mysql")

    def prepare(self):
        data = self.folder / "data"
        subprocess.run(
            [require("mariadb-install-db", "mariadb-server"), "--no-defaults", f"--datadir={data}",
             "--auth-root-authentication-method=normal", "--skip-test-db",
             *(["--user=mysql"] if os.geteuid() == 0 else [])],
            check=True, capture_output=True, timeout=60)
        return [require("mariadbd", "mariadb-server"), "--no-defaults", f"--datadir={data}",
                f"--port={self.port}", "--bind-address=127.0.0.1", f"--socket={self.folder}/socket",
                "--skip-grant-tables", "--skip-networking=0", "--innodb-buffer-pool-size=16M",
                "--innodb-log-file-size=8M", "--skip-log-bin"]


class NatsServer(FramedServer):
    def __init__(self):
        super().__init__("nats")

    def prepare(self):
        return [require("nats-server", "nats-server"), "-a", "127.0.0.1", "-p", str(self.port)]


class NginxServer(FramedServer):
    """Answers each request with its path."""

    def __init__(self):
        super().__init__("nginx")

    def prepare(self):
        config = self.folder / "nginx.conf"
        temporary = "".join(f"{each}_temp_path {self.folder}/{each};\n" for each in
                            ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        config.write_text(f"""
            pid {self.folder}/pid;
            error_log stderr;
            events {{}}
            http {{
                access_log off;
                {temporary}
                server {{
                    listen 127.0.0.1:{self.port};
                    location / {{ return 200 "$uri\\n"; }}
                }}
            }}""")
        return [require("nginx", "nginx"), "-c", config, "-g", "daemon off; master_process off;",
                "-e", "stderr", "-p", self.folder]
