// A schedule as people write it: a line for each step, as "2000 update latency=300 toxicity=0.5".

const SHAPE = /^(\d+)\s+(?:(add|remove)|update((?:\s+[^\s=]+=\S+)*))$/;

/** 300, true and {"p50":3} are what JSON makes of them; rst is a text. */
function valueFrom(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function updateFrom(pairs) {
  const {toxicity, ...attributes} = Object.fromEntries(
    pairs.split(/\s+/).filter((pair) => pair !== "").map((pair) => {
      const sign = pair.indexOf("=");
      return [pair.slice(0, sign), valueFrom(pair.slice(sign + 1))];
    }));
  return {...(toxicity !== undefined && {toxicity}),
          ...(Object.keys(attributes).length > 0 && {attributes})};
}

function stepFrom(line) {
  const found = SHAPE.exec(line);
  if (found === null)
    throw new Error(`"${line}" must be ms, and then add, remove, or update name=value …`);
  const [, at, plain, pairs] = found;
  return {at: Number(at), ...(plain ? {[plain]: true} : {update: updateFrom(pairs)})};
}

/** The steps of the API; throws what is wrong with the first line that is none. */
export const scheduleFrom = (text) =>
  text.split("\n").map((line) => line.trim()).filter((line) => line !== "").map(stepFrom);

/** The text of such steps. */
export const scheduleText = (steps) => steps.map(({at, add, update}) => {
  if (!update) return `${at} ${add ? "add" : "remove"}`;
  const pairs = Object.entries({...update.attributes, toxicity: update.toxicity})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return [at, "update", ...pairs].join(" ");
}).join("\n");
