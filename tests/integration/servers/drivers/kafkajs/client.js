// One client of Kafka, kafkajs's, led by a test: see tests/support/servers/kafka_drivers.py.
"use strict";
const readline = require("node:readline");
const {Kafka, logLevel} = require("kafkajs");

const nameOf = (error) => error.type ?? error.cause?.type ?? error.cause?.name ?? error.name;

let client;
const seen = {records: [], errors: [], assignments: 0};
let changed = () => {};

/** It has no time-out for a message: it tries as often as fits into that with quick answers. */
const kafka = (call) => new Kafka({
  brokers: call.server.split(","), clientId: call.client_id, logLevel: logLevel.NOTHING,
  requestTimeout: call.request_ms,
  retry: {initialRetryTime: 100, maxRetryTime: 300, retries: Math.ceil(call.timeout_ms / 300)},
});

const toMessages = (messages) => messages.map(([key, value]) => ({key, value}));

const calls = {
  async producer(call) {
    const transactional = call.transactional_id != null;
    client = kafka(call).producer({
      idempotent: call.idempotent || transactional, maxInFlightRequests: 1,
      ...(transactional && {transactionalId: call.transactional_id}),
    });
    client.acks = call.acks === "all" ? -1 : Number(call.acks);
    await client.connect();
  },

  async send(call) {
    const results = [];
    for (const message of toMessages(call.messages)) {
      try {
        const sent = await client.send({topic: call.topic, acks: client.acks, messages: [message]});
        results.push(Number(sent[0]?.baseOffset ?? -1));
      } catch (error) {
        results.push(nameOf(error));
      }
    }
    return {results};
  },

  async transaction(call) {
    const transaction = await client.transaction();
    for (const topic of call.topics) {
      await transaction.send({topic, messages: toMessages(call.messages)});
    }
    await transaction.commit();
  },

  /** Without a group it has one that nobody else is in. */
  async consumer(call) {
    client = kafka(call).consumer({
      groupId: call.group ?? call.client_id, heartbeatInterval: 200, maxWaitTimeInMs: 100,
      rebalanceTimeout: 5000,
    });
    client.on(client.events.GROUP_JOIN, () => { ++seen.assignments; });
    client.on(client.events.CRASH, ({payload}) => { seen.errors.push(nameOf(payload.error)); });
    await client.connect();
    await client.subscribe({topic: call.topic, fromBeginning: true});
    await client.run({
      autoCommit: false,
      eachMessage: async ({partition, message: {offset, key, value}}) => {
        seen.records.push([partition, Number(offset), key?.toString(), value.toString()]);
        client.offsets = {...client.offsets, [partition]: Number(offset) + 1};
        changed();
      },
    });
    client.topic = call.topic;
  },

  /** Until `count` records came or `seconds` have passed. */
  async take(call) {
    await new Promise((done) => {
      changed = () => seen.records.length >= call.count && done();
      changed();
      setTimeout(done, call.seconds * 1000).unref();
    });
    changed = () => {};
    return {records: seen.records.splice(0), errors: seen.errors.splice(0),
            assignments: seen.assignments};
  },

  async commit() {
    await client.commitOffsets(Object.entries(client.offsets ?? {}).map(
      ([partition, offset]) => ({topic: client.topic, partition: Number(partition), offset: String(offset)})));
  },

  async close() { await client.disconnect(); },
};

async function main() {
  for await (const line of readline.createInterface({input: process.stdin})) {
    const call = JSON.parse(line);
    let answer;
    try {
      answer = await calls[call.call](call) ?? {};
    } catch (error) {
      answer = {error: nameOf(error), text: error.message};
    }
    console.log(JSON.stringify(answer));
  }
  process.exit(0);
}

main();
