import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Members of share groups, who acknowledge single records: KIP-932. */
final class Shares implements Clients.Part {
    private final Map<String, KafkaShareConsumer<String, String>> consumers = new ConcurrentHashMap<>();

    @Override
    public void run(String what, JsonNode call, ObjectNode answer) throws Exception {
        String name = call.get("name").asText();
        switch (what) {
            case "open" -> {
                var consumer = new KafkaShareConsumer<>(
                        Clients.config(call), new StringDeserializer(), new StringDeserializer());
                consumers.put(name, consumer);
                consumer.subscribe(List.of(call.get("topic").asText()));
            }
            case "take" -> take(consumers.get(name), call, answer);
            case "close" -> consumers.remove(name).close();
            default -> throw new IllegalArgumentException(what);
        }
    }

    /** As of consumers; what was taken is acknowledged. */
    private static void take(KafkaShareConsumer<String, String> consumer, JsonNode call, ObjectNode answer) {
        ArrayNode records = answer.putArray("records");
        ArrayNode errors = answer.putArray("errors");
        long end = System.nanoTime() + (long) (call.get("seconds").asDouble() * 1e9);
        int count = call.path("count").asInt(Integer.MAX_VALUE);
        while (records.size() < count && System.nanoTime() < end && errors.size() < 20) {
            try {
                for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(100))) {
                    records.addArray().add(each.partition()).add(each.offset()).add(each.key()).add(each.value());
                }
                consumer.commitSync().values().forEach(
                        failed -> failed.ifPresent(error -> errors.add(Clients.nameOf(error))));
            } catch (RuntimeException failed) {
                errors.add(Clients.nameOf(failed));
            }
        }
    }
}
