import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisPooled;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Response;

/** Jedis, led by a test: see tests/support/servers/redis_drivers.py. */
final class JedisCalls implements Lines.Calls {
    private JedisPooled client;

    public static void main(String[] args) throws IOException {
        Lines.lead(new JedisCalls());
    }

    @Override
    public void open(int port, int milliseconds, boolean cache) {
        if (cache) {
            throw new UnsupportedOperationException("its cache wants Redis 7.4");
        }
        client = new JedisPooled(new HostAndPort("127.0.0.1", port),
                DefaultJedisClientConfig.builder().timeoutMillis(milliseconds).build());
    }

    @Override
    public Object get(String key) {
        return client.get(key);
    }

    @Override
    public Object incr(String key) {
        return client.incr(key);
    }

    @Override
    public Object pipeline(List<String> keys) {
        var results = new ArrayList<Object>();
        try (var pipe = client.pipelined()) {
            List<Response<Long>> responses = keys.stream().map(pipe::incr).toList();
            pipe.sync();
            responses.forEach(each -> results.add(Lines.settled(each::get)));
        }
        return results;
    }

    @Override
    public Object transaction(List<String> keys) {
        try (var transaction = client.multi()) {
            keys.forEach(transaction::incr);
            return transaction.exec();
        }
    }

    @Override
    public Object pop(String key) {
        var found = client.blpop(1, key);
        return found == null ? null : found.get(1);
    }

    @Override
    public void subscribe(String channel, Lines.Inbox inbox) throws InterruptedException {
        var begun = new CountDownLatch(1);
        var thread = new Thread(() -> client.subscribe(new JedisPubSub() {
            @Override
            public void onSubscribe(String name, int count) {
                begun.countDown();
            }

            @Override
            public void onMessage(String name, String message) {
                inbox.put(message);
            }
        }, channel));
        thread.setDaemon(true);
        thread.start();
        begun.await();
    }

    @Override
    public Object ping() {
        return client.ping();
    }

    @Override
    public void close() {
        client.close();
    }
}
