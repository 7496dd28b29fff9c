import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;

/** Code, name and whether it is retriable of each error of Kafka's protocol: for generate.py. */
class ListErrors {
    public static void main(String[] arguments) {
        for (Errors each : Errors.values()) {
            boolean retriable = each.exception() instanceof RetriableException;
            System.out.println(each.code() + " " + each + " " + retriable);
        }
    }
}
