import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Has a broker answer what Kafka's own client asks: KafkaTalk ADDRESS, for record_kafka.py. */
class KafkaTalk {
    static final TopicPartition FIRST = new TopicPartition("talk", 0);

    public static void main(String[] arguments) throws Exception {
        Map<String, Object> at = Map.of("bootstrap.servers", arguments[0], "client.id", "talk");
        try (Admin admin = Admin.create(at)) {
            admin.createTopics(List.of(new NewTopic("talk", 2, (short) 1))).all().get();
            admin.describeCluster().nodes().get();
            produce(at);
            String[] groups = {"classic", "consumer"};
            for (String group : groups) {
                consume(at, group);
            }
            admin.describeTopics(List.of("talk")).allTopicNames().get();
            admin.listOffsets(Map.of(FIRST, OffsetSpec.latest())).all().get();
            admin.listGroups().all().get();
            admin.describeConsumerGroups(List.of(groups)).all().get();
            admin.listConsumerGroupOffsets("classic").partitionsToOffsetAndMetadata().get();
            admin.describeMetadataQuorum().quorumInfo().get();
            admin.deleteRecords(Map.of(FIRST, RecordsToDelete.beforeOffset(1))).all().get();
            admin.deleteTopics(List.of("talk")).all().get();
        }
    }

    static void produce(Map<String, Object> at) throws Exception {
        try (var producer = producer(at, Map.of("acks", "0", "enable.idempotence", false))) {
            producer.send(new ProducerRecord<>("talk", 0, "key", "unanswered")).get();
        }
        try (var producer = producer(at, Map.of("transactional.id", "talk-transaction"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("talk", 0, "key", "in a transaction")).get();
            var offsets = Map.of(FIRST, new OffsetAndMetadata(1));
            producer.sendOffsetsToTransaction(offsets,
                new ConsumerGroupMetadata("talk-group"));
            producer.commitTransaction();
        }
    }

    static void consume(Map<String, Object> at, String protocol) {
        Map<String, Object> settings = new HashMap<>(at);
        settings.putAll(Map.of("group.id", protocol, "group.protocol", protocol,
            "auto.offset.reset", "earliest", "key.deserializer", StringDeserializer.class,
            "value.deserializer", StringDeserializer.class));
        try (var consumer = new KafkaConsumer<String, String>(settings)) {
            consumer.subscribe(List.of("talk"));
            ConsumerRecords<String, String> records;
            do {
                records = consumer.poll(Duration.ofSeconds(1));
            } while (records.isEmpty());
            consumer.commitSync();
        }
    }

    static KafkaProducer<String, String> producer(Map<String, Object> at, Map<String, Object> how) {
        Map<String, Object> settings = new HashMap<>(at);
        settings.putAll(Map.of("key.serializer", StringSerializer.class,
            "value.serializer", StringSerializer.class));
        settings.putAll(how);
        return new KafkaProducer<>(settings);
    }
}
