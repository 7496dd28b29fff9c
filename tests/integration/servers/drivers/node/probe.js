// What an application sees with node-postgres: probe.js PORT SCENARIO ID.
"use strict";
const {Client} = require("pg");

const [port, scenario, id] = process.argv.slice(2);

const what = (error) => ({sqlstate: error.code?.length === 5 ? error.code : "", text: error.message});

async function told(client) {
  await client.query("BEGIN");
  if (scenario === "commit") {
    await client.query("INSERT INTO notes VALUES ($1)", [Number(id)]);
    await client.query("COMMIT");
  } else {
    await client.query("UPDATE stock SET n = n - $1", [1]);
    await client.query("COMMIT");
  }
}

async function well(client) {
  try {
    await client.query("ROLLBACK");
    return (await client.query("SELECT $1::int AS n", [1])).rows[0].n === 1;
  } catch {
    return false;
  }
}

async function main() {
  const client = new Client({host: "127.0.0.1", port: Number(port), user: "postgres",
                             database: "postgres", ssl: false, connectionTimeoutMillis: 30_000});
  client.on("error", () => {});
  const seen = {connected: false};
  try {
    await client.connect();
    seen.connected = true;
    await told(client);
    seen.told = "committed";
  } catch (error) {
    Object.assign(seen, what(error));
  }
  seen.well = seen.connected && await well(client);
  console.log(JSON.stringify(seen));
  process.exit(0);
}

main();
