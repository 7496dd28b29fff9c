// go-redis, led by a test: see tests/support/servers/redis_drivers.py.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

var (
	client   *redis.Client
	listener *redis.PubSub
)

func told(err error) map[string]any {
	return map[string]any{"error": strings.TrimPrefix(fmt.Sprintf("%T", err), "*"), "text": err.Error()}
}

func milliseconds(word string) time.Duration {
	number, err := strconv.Atoi(word)
	if err != nil {
		panic(err)
	}
	return time.Duration(number) * time.Millisecond
}

func open(_ context.Context, words []string) (any, error) {
	client = redis.NewClient(&redis.Options{Addr: "127.0.0.1:" + words[0], ReadTimeout: milliseconds(words[1])})
	return nil, nil
}

func get(ctx context.Context, words []string) (any, error) {
	value, err := client.Get(ctx, words[0]).Result()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	return value, err
}

func incr(ctx context.Context, words []string) (any, error) { return client.Incr(ctx, words[0]).Result() }

func pipeline(ctx context.Context, words []string) (any, error) {
	commands, _ := client.Pipelined(ctx, func(pipe redis.Pipeliner) error {
		for _, word := range words {
			pipe.Incr(ctx, word)
		}
		return nil
	})
	results := []any{}
	for _, each := range commands {
		if value, err := each.(*redis.IntCmd).Result(); err != nil {
			results = append(results, told(err))
		} else {
			results = append(results, value)
		}
	}
	return results, nil
}

func transaction(ctx context.Context, words []string) (any, error) {
	commands, err := client.TxPipelined(ctx, func(pipe redis.Pipeliner) error {
		for _, word := range words {
			pipe.Incr(ctx, word)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	results := []int64{}
	for _, each := range commands {
		results = append(results, each.(*redis.IntCmd).Val())
	}
	return results, nil
}

func pop(ctx context.Context, words []string) (any, error) {
	found, err := client.BLPop(ctx, time.Second, words[0]).Result()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	return found[1], nil
}

func subscribe(ctx context.Context, words []string) (any, error) {
	listener = client.Subscribe(ctx, words[0])
	_, err := listener.Receive(ctx)
	return nil, err
}

func message(ctx context.Context, words []string) (any, error) {
	received, err := listener.ReceiveTimeout(ctx, milliseconds(words[0]))
	if late, ok := err.(interface{ Timeout() bool }); ok && late.Timeout() {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	return received.(*redis.Message).Payload, nil
}

func ping(ctx context.Context, _ []string) (any, error) { return client.Ping(ctx).Result() }

func closeIt(context.Context, []string) (any, error) { return nil, client.Close() }

var calls = map[string]func(context.Context, []string) (any, error){
	"open": open, "get": get, "incr": incr, "pipeline": pipeline, "transaction": transaction, "pop": pop,
	"subscribe": subscribe, "message": message, "ping": ping, "close": closeIt,
}

type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

func main() {
	log.SetOutput(io.Discard)
	redis.SetLogger(quiet{})
	in := bufio.NewScanner(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		words := strings.Fields(in.Text())
		result, err := calls[words[0]](context.Background(), words[1:])
		if err != nil {
			_ = out.Encode(told(err))
		} else {
			_ = out.Encode(map[string]any{"result": result})
		}
	}
}
