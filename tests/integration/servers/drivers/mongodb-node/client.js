// A client of MongoDB, the driver for Node, led by a test: see tests/support/servers/mongo_drivers.py.
const readline = require("node:readline");
const { MongoClient, ReadPreference } = require("mongodb");

let client;
let primary = null;
let nodes = [];
let streamed = 0;

const collection = (name) => client.db("shop").collection(name);

const calls = {
  async open({ uri, ...options }) {
    client = new MongoClient(uri, options);
    client.on("serverHeartbeatSucceeded", (event) => { streamed += event.awaited ? 1 : 0; });
    client.on("topologyDescriptionChanged", ({ newDescription }) => {
      const servers = [...newDescription.servers.values()];
      nodes = servers.map((each) => each.address).sort();
      primary = servers.find((each) => each.type === "RSPrimary")?.address ?? null;
    });
    return {};
  },
  async insert({ to, documents, many }) {
    if (many) return { count: (await collection(to).insertMany(documents)).insertedCount };
    for (const each of documents) await collection(to).insertOne(each);
    return { count: documents.length };
  },
  async find({ of, query, batch }) {
    return { found: await collection(of).find(query, { batchSize: batch }).toArray() };
  },
  async count({ of }) {
    return { count: await collection(of).countDocuments({}) };
  },
  async transaction({ to, documents }) {
    let tries = 0;
    await client.withSession((session) => session.withTransaction(async () => {
      tries += 1;
      for (const each of documents) await collection(to).insertOne({ ...each }, { session });
    }));
    return { tries };
  },
  async members() {
    await client.db("admin").command({ ping: 1 }, { readPreference: ReadPreference.primary });
    return { nodes, primary, streamed };
  },
};

function said(error) {
  const text = String(error.message).slice(0, 300);
  return { error: error.constructor.name, text, code: error.code ?? null,
           name: error.codeName ?? null, labels: [...(error.errorLabels ?? [])].sort() };
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { call, ...more } = JSON.parse(line);
    let answer;
    try {
      answer = await calls[call](more);
    } catch (error) {
      answer = said(error);
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  process.exit(0);
}

main();
