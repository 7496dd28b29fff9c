"""Maven, which trusts whom the system trusts."""

import os
import subprocess
import tempfile
from pathlib import Path

from servers.process import ServerError, require
from servers.proxy_server import ROOT

_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


def trust(bundle, store: Path, java=()) -> list[str]:
    """Options for a Java that knows not all certificate authorities of the file `bundle`: it shall
    trust `store`, which is written, with these and its own. No options if it knows all. `java` are
    options for the Java that is asked.

    Debian's Java gets them when they are installed as ca-certificates wants it. Where somebody
    has only replaced the bundle, curl, pip and npm are content, and Java is not.
    """
    if not os.path.exists(bundle):
        return []
    store.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="new-", dir=store.parent) as folder:
        new = Path(folder, store.name)
        done = subprocess.run(
            [require("java", "openjdk-17-jdk-headless"), *java,
             Path(__file__).with_name("SystemTrust.java"), bundle, new],
            capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise ServerError(f"no trust store for Java\n{done.stdout}{done.stderr}")
        if not new.exists():
            return []
        os.replace(new, store)
    return [f"-Djavax.net.ssl.trustStore={store}"]


def maven_that_fetches() -> list[str]:
    """The beginning of a command that may ask Maven's registry."""
    return [require("mvn", "maven"), "-q", "-B", "-ntp",
            *trust(os.environ.get("SSL_CERT_FILE", _BUNDLE), ROOT / "build/java/trusted.jks")]
