import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;

/** Producers, with and without transactions. */
final class Producers implements Clients.Part {
    private final Map<String, KafkaProducer<String, String>> producers = new ConcurrentHashMap<>();

    @Override
    public void run(String what, JsonNode call, ObjectNode answer) throws Exception {
        String name = call.get("name").asText();
        if (what.equals("open")) {
            producers.put(name, new KafkaProducer<>(
                    Clients.config(call), new StringSerializer(), new StringSerializer()));
            return;
        }
        var producer = producers.get(name);
        switch (what) {
            case "send" -> send(producer, call, answer);
            case "init" -> producer.initTransactions();
            case "begin" -> producer.beginTransaction();
            case "offset" -> producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(call.get("topic").asText(), 0),
                            new OffsetAndMetadata(call.get("offset").asLong())),
                    new ConsumerGroupMetadata(call.get("group").asText()));
            case "commit" -> producer.commitTransaction();
            case "abort" -> producer.abortTransaction();
            case "close" -> producers.remove(name).close(Duration.ofSeconds(5));
            default -> throw new IllegalArgumentException(what);
        }
    }

    /** Sends "messages", each [key, value] or [key, value, partition]: an offset or an error for each. */
    private static void send(KafkaProducer<String, String> producer, JsonNode call, ObjectNode answer)
            throws InterruptedException {
        String topic = call.get("topic").asText();
        long pause = call.path("pause_us").asLong(0) * 1000;
        boolean oneByOne = call.path("one_by_one").asBoolean(false);
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        ArrayNode results = answer.putArray("results");
        for (JsonNode each : call.get("messages")) {
            Integer partition = each.size() > 2 ? each.get(2).asInt() : null;
            sent.add(producer.send(new ProducerRecord<>(
                    topic, partition, each.get(0).textValue(), each.get(1).asText())));
            if (oneByOne) {
                settle(sent, results);
            }
            if (pause > 0) {
                LockSupport.parkNanos(pause);
            }
        }
        settle(sent, results);
    }

    private static void settle(List<Future<RecordMetadata>> sent, ArrayNode results) throws InterruptedException {
        for (var each : sent) {
            try {
                results.add(each.get().offset());
            } catch (Exception failed) {
                results.add(Clients.nameOf(failed));
            }
        }
        sent.clear();
    }
}
