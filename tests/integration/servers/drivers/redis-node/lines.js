// Calls that are read from standard input, and their answers on standard output.
"use strict";
const readline = require("node:readline");

/** An error as JSON has it: its class, or what there is if that is none of its own. */
const told = (error) => ({
  error: error.code ?? (error.constructor === Error ? error.message : error.constructor.name),
  text: String(error.message),
});

/** Each line is the name of a call and its words. */
async function lead(calls) {
  for await (const line of readline.createInterface({input: process.stdin})) {
    const [name, ...words] = line.split(" ");
    let answer;
    try {
      answer = {result: await calls[name](...words) ?? null};
    } catch (error) {
      answer = told(error);
    }
    console.log(JSON.stringify(answer));
  }
  process.exit(0);
}

/** Messages of a channel, which are asked for one by one. */
class Inbox {
  #messages = [];
  #came = () => {};

  put(message) {
    this.#messages.push(message);
    this.#came();
  }

  /** The next one, or null after so many milliseconds. */
  async take(milliseconds) {
    if (this.#messages.length === 0) {
      await new Promise((done) => {
        this.#came = done;
        setTimeout(done, milliseconds);
      });
    }
    return this.#messages.shift() ?? null;
  }
}

module.exports = {told, lead, Inbox};
