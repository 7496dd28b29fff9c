import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.support.caching.CacheAccessor;
import io.lettuce.core.support.caching.CacheFrontend;
import io.lettuce.core.support.caching.ClientSideCaching;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Lettuce, led by a test: see tests/support/servers/redis_drivers.py. */
final class LettuceCalls implements Lines.Calls {
    private RedisClient client;
    private StatefulRedisConnection<String, String> connection;
    private CacheFrontend<String, String> cached;
    private Duration patience;

    public static void main(String[] args) throws IOException {
        Lines.lead(new LettuceCalls());
    }

    @Override
    public void open(int port, int milliseconds, boolean cache) {
        patience = Duration.ofMillis(milliseconds);
        client = RedisClient.create(
                RedisURI.builder().withHost("127.0.0.1").withPort(port).withTimeout(patience).build());
        connection = client.connect();
        cached = cache
                ? ClientSideCaching.enable(CacheAccessor.forMap(new ConcurrentHashMap<>()), connection,
                        TrackingArgs.Builder.enabled())
                : null;
    }

    @Override
    public Object get(String key) {
        return cached == null ? connection.sync().get(key) : cached.get(key);
    }

    @Override
    public Object incr(String key) {
        return connection.sync().incr(key);
    }

    @Override
    public Object pipeline(List<String> keys) {
        connection.setAutoFlushCommands(false);
        List<RedisFuture<Long>> futures = keys.stream().map(connection.async()::incr).toList();
        connection.flushCommands();
        connection.setAutoFlushCommands(true);
        var results = new ArrayList<Object>();
        futures.forEach(each -> results.add(Lines.settled(() -> await(each))));
        return results;
    }

    private Object await(RedisFuture<Long> future) throws Exception {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException error) {
            throw (Exception) error.getCause();
        }
    }

    @Override
    public Object transaction(List<String> keys) {
        connection.sync().multi();
        keys.forEach(connection.async()::incr);
        return connection.sync().exec().stream().toList();
    }

    @Override
    public Object pop(String key) {
        var found = connection.sync().blpop(0.2, key);
        return found == null ? null : found.getValue();
    }

    @Override
    public void subscribe(String channel, Lines.Inbox inbox) {
        var listener = client.connectPubSub();
        listener.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String name, String message) {
                inbox.put(message);
            }
        });
        listener.sync().subscribe(channel);
    }

    @Override
    public Object ping() {
        return connection.sync().ping();
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
}
