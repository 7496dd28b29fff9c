import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Kafka's own Java clients, led by a test: each line in is a call, each line out an answer, both
 * JSON. {"id": 1, "call": "producer.send", "name": "a", ...} is answered by {"id": 1, ...}, with
 * "error" and "text" if it failed. Calls run at once; those to one client follow each other.
 */
public final class Clients {
    static final ObjectMapper JSON = new ObjectMapper();

    /** What a call does to the client that it names. */
    interface Part {
        void run(String what, JsonNode call, ObjectNode answer) throws Exception;
    }

    private static final Map<String, Part> PARTS = Map.of(
            "producer", new Producers(), "consumer", new Consumers(), "share", new Shares(),
            "admin", new Admins());

    public static void main(String[] arguments) throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool(Clients::daemon);
        PrintStream out = System.out;
        System.setOut(System.err);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode call = JSON.readTree(line);
            pool.submit(() -> {
                String answer = answer(call).toString();
                synchronized (out) {
                    out.println(answer);
                    out.flush();
                }
            });
        }
        Runtime.getRuntime().halt(0);
    }

    private static Thread daemon(Runnable what) {
        var thread = new Thread(what);
        thread.setDaemon(true);
        return thread;
    }

    private static ObjectNode answer(JsonNode call) {
        ObjectNode answer = JSON.createObjectNode().put("id", call.get("id").asInt());
        try {
            String[] words = call.get("call").asText().split("\\.");
            PARTS.get(words[0]).run(words[1], call, answer);
        } catch (Throwable thrown) {
            Throwable cause = cause(thrown);
            answer.put("error", cause.getClass().getSimpleName()).put("text", "" + cause.getMessage());
        }
        return answer;
    }

    /** What a future or a wrapper failed with. */
    static Throwable cause(Throwable thrown) {
        boolean wraps = thrown instanceof java.util.concurrent.ExecutionException
                || thrown.getClass() == org.apache.kafka.common.KafkaException.class;
        return wraps && thrown.getCause() != null ? cause(thrown.getCause()) : thrown;
    }

    static String nameOf(Throwable thrown) {
        return cause(thrown).getClass().getSimpleName();
    }

    /** "config" of a call. */
    static Map<String, Object> config(JsonNode call) {
        Map<String, Object> config = new ConcurrentHashMap<>();
        call.get("config").properties().forEach(each -> config.put(each.getKey(), each.getValue().asText()));
        return config;
    }

    private Clients() {}
}
