import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Calls that are read from standard input, and their answers on standard output. */
final class Lines {
    private Lines() {}

    interface Calls {
        void open(int port, int milliseconds, boolean cache) throws Exception;

        Object get(String key) throws Exception;

        Object incr(String key) throws Exception;

        Object pipeline(List<String> keys) throws Exception;

        Object transaction(List<String> keys) throws Exception;

        Object pop(String key) throws Exception;

        void subscribe(String channel, Inbox inbox) throws Exception;

        Object ping() throws Exception;

        void close() throws Exception;
    }

    /** Messages of a channel, which are asked for one by one. */
    static final class Inbox {
        private final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();

        void put(String message) {
            messages.add(message);
        }

        /** The next one, or null after so many milliseconds. */
        String take(int milliseconds) throws InterruptedException {
            return messages.poll(milliseconds, TimeUnit.MILLISECONDS);
        }
    }

    static Map<String, Object> told(Throwable error) {
        return Map.of("error", error.getClass().getSimpleName(), "text", String.valueOf(error.getMessage()));
    }

    /** What it is, or the error that it fails with: one result of a pipeline. */
    static Object settled(Callable<?> result) {
        try {
            return result.call();
        } catch (Exception error) {
            return told(error);
        }
    }

    /** Each line is the name of a call and its words. */
    static void lead(Calls calls) throws IOException {
        Gson gson = new GsonBuilder().serializeNulls().create();
        var inbox = new Inbox();
        var in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            var words = new ArrayList<>(List.of(line.split(" ")));
            String name = words.remove(0);
            Object answer;
            try {
                var answered = new HashMap<String, Object>();
                answered.put("result", carryOut(calls, inbox, name, words));
                answer = answered;
            } catch (Exception error) {
                answer = told(error);
            }
            System.out.println(gson.toJson(answer));
        }
        System.exit(0);
    }

    private static Object carryOut(Calls calls, Inbox inbox, String name, List<String> words) throws Exception {
        switch (name) {
            case "open":
                calls.open(Integer.parseInt(words.get(0)), Integer.parseInt(words.get(1)), words.size() > 2);
                return null;
            case "get":
                return calls.get(words.get(0));
            case "incr":
                return calls.incr(words.get(0));
            case "pipeline":
                return calls.pipeline(words);
            case "transaction":
                return calls.transaction(words);
            case "pop":
                return calls.pop(words.get(0));
            case "subscribe":
                calls.subscribe(words.get(0), inbox);
                return null;
            case "message":
                return inbox.take(Integer.parseInt(words.get(0)));
            case "ping":
                return calls.ping();
            case "close":
                calls.close();
                return null;
            default:
                throw new IllegalArgumentException(name);
        }
    }
}
