import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Consumers: members of a group, or of partitions that the test says. */
final class Consumers implements Clients.Part {
    private final Map<String, KafkaConsumer<String, String>> consumers = new ConcurrentHashMap<>();
    private final Map<String, Integer> assigned = new ConcurrentHashMap<>();
    private final Set<String> stopped = ConcurrentHashMap.newKeySet();

    @Override
    public void run(String what, JsonNode call, ObjectNode answer) throws Exception {
        String name = call.get("name").asText();
        switch (what) {
            case "open" -> open(name, call);
            case "take" -> take(name, call, answer);
            case "stop" -> stopped.add(name);
            case "commit" -> consumers.get(name).commitSync(Duration.ofSeconds(10));
            case "close" -> consumers.remove(name).close();
            default -> throw new IllegalArgumentException(what);
        }
    }

    private void open(String name, JsonNode call) {
        var consumer = new KafkaConsumer<>(
                Clients.config(call), new StringDeserializer(), new StringDeserializer());
        consumers.put(name, consumer);
        assigned.put(name, 0);
        String topic = call.get("topic").asText();
        if (call.has("group")) {
            consumer.subscribe(List.of(topic), new Commits(name, consumer));
            return;
        }
        List<TopicPartition> partitions = new ArrayList<>();
        for (JsonNode each : call.get("partitions")) {
            partitions.add(new TopicPartition(topic, each.asInt()));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /**
     * Polls until "count" records came, "seconds" have passed or consumer.stop was called; each
     * record is [partition, offset, key, value]. An error that ends a poll is told, and polled past.
     */
    private void take(String name, JsonNode call, ObjectNode answer) {
        var consumer = consumers.get(name);
        ArrayNode records = answer.putArray("records");
        ArrayNode errors = answer.putArray("errors");
        long end = System.nanoTime() + (long) (call.get("seconds").asDouble() * 1e9);
        int count = call.path("count").asInt(Integer.MAX_VALUE);
        boolean hasMore = true;
        while (hasMore && records.size() < count && System.nanoTime() < end && !stopped.remove(name)) {
            try {
                for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(100))) {
                    records.addArray().add(each.partition()).add(each.offset()).add(each.key()).add(each.value());
                }
            } catch (RuntimeException failed) {
                errors.add(Clients.nameOf(failed));
                hasMore = errors.size() < 20;
            }
        }
        answer.put("assignments", assigned.get(name));
    }

    /** What was taken is committed before the partitions go to another member. */
    private final class Commits implements ConsumerRebalanceListener {
        private final String name;
        private final KafkaConsumer<String, String> consumer;

        Commits(String name, KafkaConsumer<String, String> consumer) {
            this.name = name;
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            consumer.commitSync(Duration.ofSeconds(10));
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            assigned.merge(name, 1, Integer::sum);
        }
    }
}
