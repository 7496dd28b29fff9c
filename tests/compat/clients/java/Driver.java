import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.Toxic;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import eu.rekawek.toxiproxy.model.ToxicList;
import eu.rekawek.toxiproxy.model.toxic.Bandwidth;
import eu.rekawek.toxiproxy.model.toxic.Latency;
import eu.rekawek.toxiproxy.model.toxic.LimitData;
import eu.rekawek.toxiproxy.model.toxic.ResetPeer;
import eu.rekawek.toxiproxy.model.toxic.Slicer;
import eu.rekawek.toxiproxy.model.toxic.SlowClose;
import eu.rekawek.toxiproxy.model.toxic.Timeout;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;

/** Drives a server through the official Java client. Arguments: API_HOST API_PORT UPSTREAM. */
public final class Driver {
    private static final ToxicDirection UP = ToxicDirection.UPSTREAM;
    private static final ToxicDirection DOWN = ToxicDirection.DOWNSTREAM;
    /** The client does not read the body of a failed DELETE. */
    private static final String ANY_MESSAGE = null;

    private interface Call {
        void run() throws IOException;
    }

    public static void main(String[] args) throws IOException {
        ToxiproxyClient client = new ToxiproxyClient(args[0], Integer.parseInt(args[1]));
        String upstream = args[2];
        check(client.version().contains("2.12.0"), "version " + client.version());

        Proxy proxy = client.createProxy("one", "localhost:0", upstream);
        client.createProxy("redis:6379", "0.0.0.0:0", upstream);
        check(proxy.getListen().startsWith("127.0.0.1:"), proxy.getListen());
        check(proxy.isEnabled() && reachable(proxy), "created proxy is not up");
        fails("[409] proxy already exists", () -> client.createProxy("one", "x:0", upstream));
        fails("[400] missing required field: name", () -> client.createProxy("", "x:0", upstream));
        fails("[404] proxy not found", () -> client.getProxy("nobody"));
        check(client.getProxyOrNull("nobody") == null, "getProxyOrNull");
        check(client.getProxies().size() == 2, "list");
        check(client.getProxy("redis:6379").getName().equals("redis:6379"), "colon in a name");

        proxy.disable();
        check(!proxy.isEnabled() && !reachable(proxy), "disabled proxy is reachable");
        proxy.enable();
        check(proxy.isEnabled() && reachable(proxy), "enabled proxy is not reachable");
        proxy.setUpstream("127.0.0.1:1");
        check(client.getProxy("one").getUpstream().equals("127.0.0.1:1"), "setUpstream");
        proxy.setListen("127.0.0.1:0");
        check(reachable(proxy), "moved proxy is not reachable");

        toxics(proxy.toxics());

        proxy.toxics().latency("left", DOWN, 5);
        proxy.disable();
        client.reset();
        proxy = client.getProxy("one");
        check(proxy.isEnabled() && proxy.toxics().getAll().isEmpty(), "after reset");

        for (Proxy each : client.getProxies()) {
            each.delete();
        }
        check(client.getProxies().isEmpty(), "left over");
        fails(ANY_MESSAGE, proxy::delete);
        System.out.println("all passed");
    }

    /** Adds, reads, updates and removes a toxic of each type. */
    private static void toxics(ToxicList toxics) throws IOException {
        Latency latency = toxics.latency("latency", DOWN, 11);
        latency.setJitter(12).setLatency(13);
        latency = toxics.get("latency", Latency.class);
        check(latency.getJitter() == 12 && latency.getLatency() == 13, "latency");
        check(latency.getStream() == DOWN, "stream");
        latency.setToxicity(0.2f);
        check(toxics.get("latency").getToxicity() == 0.2f, "toxicity");
        fails("[409] toxic already exists", () -> toxics.latency("latency", UP, 1));

        Bandwidth bandwidth = toxics.bandwidth("bandwidth", UP, 14);
        check(bandwidth.setRate(15).getRate() == 15, "bandwidth");
        SlowClose slowClose = toxics.slowClose("slow_close", UP, 16);
        check(slowClose.setDelay(17).getDelay() == 17, "slow_close");
        Timeout timeout = toxics.timeout("timeout", UP, 18);
        check(timeout.setTimeout(19).getTimeout() == 19, "timeout");
        ResetPeer resetPeer = toxics.resetPeer("reset_peer", DOWN, 20);
        check(resetPeer.setTimeout(21).getTimeout() == 21, "reset_peer");
        LimitData limitData = toxics.limitData("limit_data", DOWN, 22);
        check(limitData.setBytes(23).getBytes() == 23, "limit_data");
        Slicer slicer = toxics.slicer("slicer", DOWN, 24, 25);
        slicer.setSizeVariation(7).setDelay(26).setAverageSize(27);
        slicer = toxics.get("slicer", Slicer.class);
        check(slicer.getAverageSize() == 27 && slicer.getSizeVariation() == 7, "slicer");
        check(slicer.getDelay() == 26, "slicer delay");

        check(toxics.getAll().size() == 7, "toxic list");
        check(toxics.getAll().get(0).getName().equals("bandwidth"), "upstream toxics come first");
        fails("[404] toxic not found", () -> toxics.get("nobody"));
        for (Toxic each : toxics.getAll()) {
            each.remove();
            fails(ANY_MESSAGE, each::remove);
        }
        check(toxics.getAll().isEmpty(), "toxics left over");
    }

    private static boolean reachable(Proxy proxy) throws IOException {
        int port = Integer.parseInt(proxy.getListen().replaceAll(".*:", ""));
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (ConnectException refused) {
            return false;
        }
    }

    private static void fails(String message, Call call) {
        try {
            call.run();
        } catch (IOException error) {
            check(
                message == ANY_MESSAGE || message.equals(error.getMessage()),
                "wanted " + message + ", got " + error);
            return;
        }
        check(false, "no error, wanted " + message);
    }

    private static void check(boolean condition, String message) {
        if (!condition) {
            System.err.println("FAILED: " + message);
            System.exit(1);
        }
    }
}
