"""A throw-away Kerberos realm, and a PostgreSQL that encrypts by it."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from servers.ports import reserve_port
from servers.postgres_server import PostgresServer
from servers.process import Process, ServerError, require
from servers.waiting import wait_until

REALM = "ACONITE.TEST"
_CLIENT_CONFIG = """\
[libdefaults]
default_realm = {realm}
dns_lookup_kdc = false
dns_lookup_realm = false
dns_canonicalize_hostname = false
rdns = false
udp_preference_limit = 1
[realms]
{realm} = {{
  kdc = 127.0.0.1:{port}
}}
"""
_KDC_CONFIG = """\
[kdcdefaults]
kdc_listen = ""
kdc_tcp_listen = 127.0.0.1:{port}
[realms]
{realm} = {{
  database_name = {folder}/principal
  key_stash_file = {folder}/stash
}}
"""


def _run(command, environment, stdin=None):
    done = subprocess.run(command, env={**os.environ, **environment}, input=stdin, text=True,
                          capture_output=True, timeout=60)
    if done.returncode != 0:
        raise ServerError(f"{command} ended with {done.returncode}\n{done.stdout}{done.stderr}")


class Kdc:
    """MIT Kerberos on a free port of 127.0.0.1. It knows the user postgres, who has a ticket in
    `environment`'s cache, and the service postgres/127.0.0.1, whose keys are in `keytab`."""

    def __init__(self):
        self._folder = tempfile.mkdtemp(prefix="aconite-kdc-")
        self._process = None
        self.keytab = f"{self._folder}/keytab"
        self._port = reserve_port()
        names = {"realm": REALM, "port": self._port, "folder": self._folder}
        for name, text in (("krb5.conf", _CLIENT_CONFIG), ("kdc.conf", _KDC_CONFIG)):
            Path(self._folder, name).write_text(text.format(**names))
        self.environment = {"KRB5_CONFIG": f"{self._folder}/krb5.conf",
                            "KRB5CCNAME": f"FILE:{self._folder}/cache"}
        try:
            self._start({**self.environment, "KRB5_KDC_PROFILE": f"{self._folder}/kdc.conf"})
        except BaseException:
            self.stop()
            raise

    def _start(self, environment):
        _run([require("kdb5_util", "krb5-kdc"), "create", "-s", "-P", "none"], environment)
        for order in ("addprinc -pw secret postgres", "addprinc -randkey postgres/127.0.0.1",
                      f"ktadd -k {self.keytab} postgres/127.0.0.1"):
            _run([require("kadmin.local", "krb5-admin-server"), "-q", order], environment)
        self._process = Process(
            "KDC", [require("krb5kdc", "krb5-kdc"), "-n"], f"{self._folder}/log", **environment)
        wait_until(self._answers, "the KDC listening")
        _run([require("kinit", "krb5-user"), "postgres"], environment, stdin="secret\n")

    def _answers(self):
        self._process.check()
        with socket.socket() as asking:
            return asking.connect_ex(("127.0.0.1", self._port)) == 0

    def stop(self):
        if self._process is not None:
            self._process.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


class PostgresWithGssapi(PostgresServer):
    """PostgreSQL 15 that is the service of a Kdc."""

    def __init__(self, kdc):
        self._kdc = kdc
        super().__init__()

    def _settings(self):
        return {"krb_server_keyfile": self._own(self._kdc.keytab)}

    def _environment(self):
        return {"KRB5_CONFIG": self._own(self._kdc.environment["KRB5_CONFIG"])}

    def _own(self, path):
        """A copy that its account can read."""
        copy = f"{self._folder}/{os.path.basename(path)}"
        shutil.copyfile(path, copy)
        self._give(copy)
        return copy
