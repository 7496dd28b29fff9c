import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ElectionNotNeededException;

/** The admin client. */
final class Admins implements Clients.Part {
    private final Map<String, Admin> admins = new ConcurrentHashMap<>();

    @Override
    public void run(String what, JsonNode call, ObjectNode answer) throws Exception {
        String name = call.get("name").asText();
        if (what.equals("open")) {
            admins.put(name, Admin.create(Clients.config(call)));
            return;
        }
        var admin = admins.get(name);
        switch (what) {
            case "create" -> admin.createTopics(List.of(newTopic(call))).all().get();
            case "lead" -> lead(admin, call);
            case "leaders" -> leaders(admin, call, answer);
            case "brokers" -> {
                for (var node : admin.describeCluster().nodes().get()) {
                    answer.withObject("/brokers").put(node.idString(), node.host() + ":" + node.port());
                }
            }
            case "offsets" -> admin.listConsumerGroupOffsets(call.get("group").asText())
                    .partitionsToOffsetAndMetadata().get().forEach((which, offset) ->
                            answer.withObject("/offsets").put("" + which.partition(), offset.offset()));
            case "share_from_start" -> admin.incrementalAlterConfigs(Map.of(
                    new ConfigResource(ConfigResource.Type.GROUP, call.get("group").asText()),
                    List.of(new AlterConfigOp(new ConfigEntry("share.auto.offset.reset", "earliest"),
                            AlterConfigOp.OpType.SET)))).all().get();
            case "close" -> admins.remove(name).close();
            default -> throw new IllegalArgumentException(what);
        }
    }

    /** "replicas": the brokers of each partition, the leader first; or "partitions", a number. */
    private static NewTopic newTopic(JsonNode call) {
        String topic = call.get("topic").asText();
        if (!call.has("replicas")) {
            return new NewTopic(topic, Optional.of(call.get("partitions").asInt()), Optional.empty());
        }
        Map<Integer, List<Integer>> replicas = new ConcurrentHashMap<>();
        for (JsonNode each : call.get("replicas")) {
            replicas.put(replicas.size(), numbers(each));
        }
        return new NewTopic(topic, replicas);
    }

    private static List<Integer> numbers(JsonNode list) {
        List<Integer> all = new ArrayList<>();
        list.forEach(each -> all.add(each.asInt()));
        return all;
    }

    /** "replicas" of "partition" come in that order from now on, and the first leads. */
    private static void lead(Admin admin, JsonNode call) throws Exception {
        var which = new TopicPartition(call.get("topic").asText(), call.get("partition").asInt());
        admin.alterPartitionReassignments(Map.of(which,
                Optional.of(new NewPartitionReassignment(numbers(call.get("replicas")))))).all().get();
        try {
            admin.electLeaders(ElectionType.PREFERRED, Set.of(which)).all().get();
        } catch (ExecutionException failed) {
            // The controller was faster.
            if (!(failed.getCause() instanceof ElectionNotNeededException)) throw failed;
        }
    }

    private static void leaders(Admin admin, JsonNode call, ObjectNode answer) throws Exception {
        String topic = call.get("topic").asText();
        var list = answer.putArray("leaders");
        for (var each : admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions()) {
            list.add(each.leader() == null ? -1 : each.leader().id());
        }
    }
}
