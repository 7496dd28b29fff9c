// One client of Kafka, franz-go's, led by a test: see tests/support/servers/kafka_drivers.py.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

type call struct {
	Call            string
	Server          string
	ClientID        string  `json:"client_id"`
	Idempotent      bool    `json:"idempotent"`
	TransactionalID *string `json:"transactional_id"`
	Acks            string
	RequestMs       int `json:"request_ms"`
	TimeoutMs       int `json:"timeout_ms"`
	Topic           string
	Topics          []string
	Group           *string
	Messages        [][2]*string
	Count           int
	Seconds         float64
}

type answer map[string]any

var (
	client      *kgo.Client
	assignments atomic.Int32
)

func milliseconds(number int) time.Duration { return time.Duration(number) * time.Millisecond }

// nameOf is Kafka's name of an error, or the client's text.
func nameOf(err error) string {
	var fromBroker *kerr.Error
	if errors.As(err, &fromBroker) {
		return fromBroker.Message
	}
	return err.Error()
}

func common(c call) []kgo.Opt {
	return []kgo.Opt{
		kgo.SeedBrokers(strings.Split(c.Server, ",")...), kgo.ClientID(c.ClientID),
		kgo.RequestTimeoutOverhead(milliseconds(max(1000, c.RequestMs))), kgo.RetryTimeout(milliseconds(c.TimeoutMs)),
		kgo.MetadataMinAge(100 * time.Millisecond), kgo.AllowAutoTopicCreation(),
		kgo.RetryBackoffFn(func(int) time.Duration { return 100 * time.Millisecond }),
	}
}

func producer(_ context.Context, c call) (answer, error) {
	acks := map[string]kgo.Acks{"all": kgo.AllISRAcks(), "1": kgo.LeaderAck(), "0": kgo.NoAck()}[c.Acks]
	options := append(common(c), kgo.RequiredAcks(acks), kgo.ProduceRequestTimeout(100*time.Millisecond),
		kgo.RecordDeliveryTimeout(milliseconds(c.TimeoutMs)))
	if c.TransactionalID != nil {
		options = append(options, kgo.TransactionalID(*c.TransactionalID))
	} else if !c.Idempotent {
		options = append(options, kgo.DisableIdempotentWrite(), kgo.MaxProduceRequestsInflightPerBroker(1))
	}
	var err error
	client, err = kgo.NewClient(options...)
	return nil, err
}

func record(topic string, message [2]*string) *kgo.Record {
	made := &kgo.Record{Topic: topic, Value: []byte(*message[1])}
	if message[0] != nil {
		made.Key = []byte(*message[0])
	}
	return made
}

func send(ctx context.Context, c call) (answer, error) {
	results := []any{}
	for _, each := range c.Messages {
		sent, err := client.ProduceSync(ctx, record(c.Topic, each)).First()
		if err == nil {
			results = append(results, sent.Offset)
		} else {
			results = append(results, nameOf(err))
		}
	}
	return answer{"results": results}, nil
}

func transaction(ctx context.Context, c call) (answer, error) {
	if err := client.BeginTransaction(); err != nil {
		return nil, err
	}
	var failed kgo.FirstErrPromise
	for _, topic := range c.Topics {
		for _, each := range c.Messages {
			client.Produce(ctx, record(topic, each), failed.Promise())
		}
	}
	if err := failed.Err(); err != nil {
		_ = client.EndTransaction(ctx, kgo.TryAbort)
		return nil, err
	}
	return nil, client.EndTransaction(ctx, kgo.TryCommit)
}

func consumer(_ context.Context, c call) (answer, error) {
	options := append(common(c), kgo.ConsumeTopics(c.Topic), kgo.FetchMaxWait(100*time.Millisecond),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	if c.Group != nil {
		options = append(options, kgo.ConsumerGroup(*c.Group), kgo.DisableAutoCommit(),
			kgo.HeartbeatInterval(200*time.Millisecond), kgo.Balancers(kgo.RangeBalancer()),
			kgo.OnPartitionsAssigned(func(context.Context, *kgo.Client, map[string][]int32) {
				assignments.Add(1)
			}))
	}
	var err error
	client, err = kgo.NewClient(options...)
	return nil, err
}

// take polls until `count` records came or `seconds` have passed.
func take(ctx context.Context, c call) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(c.Seconds*float64(time.Second)))
	defer cancel()
	records, failed := [][]any{}, []string{}
	for len(records) < c.Count && len(failed) < 20 && ctx.Err() == nil {
		fetches := client.PollFetches(ctx)
		fetches.EachError(func(_ string, _ int32, err error) {
			if ctx.Err() == nil {
				failed = append(failed, nameOf(err))
			}
		})
		fetches.EachRecord(func(r *kgo.Record) {
			records = append(records, []any{r.Partition, r.Offset, string(r.Key), string(r.Value)})
		})
	}
	return answer{"records": records, "errors": failed, "assignments": assignments.Load()}, nil
}

func commit(ctx context.Context, _ call) (answer, error) {
	return nil, client.CommitUncommittedOffsets(ctx)
}

func closeIt(context.Context, call) (answer, error) {
	client.Close()
	return nil, nil
}

var calls = map[string]func(context.Context, call) (answer, error){
	"producer": producer, "send": send, "transaction": transaction,
	"consumer": consumer, "take": take, "commit": commit, "close": closeIt,
}

func run(c call) answer {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	told, err := calls[c.Call](ctx, c)
	if err != nil {
		return answer{"error": nameOf(err), "text": err.Error()}
	}
	if told == nil {
		told = answer{}
	}
	return told
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var c call
		if err := json.Unmarshal(in.Bytes(), &c); err != nil {
			panic(err)
		}
		_ = out.Encode(run(c))
	}
}
