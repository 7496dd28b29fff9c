// The form of a new proxy.
import {call} from "./api.js";
import {ask} from "./dialog.js";
import {el} from "./dom.js";
import {fieldsFor, labelled} from "./fields.js";

const MORE = [
  {name: "protocol", kind: "text", unit: "", default: "",
   summary: "what its connections speak, as postgres, kafka, redis or mongodb, for toxics on single operations; " +
     "of any other how its frames are told, as {\"frame\": \"delimiter\", \"text\": \"\\n\"}"},
  {name: "label", kind: "text", unit: "", default: "",
   summary: "what its connections are called, for toxics that match by label"},
  {name: "seed", kind: "seed", unit: "", default: "",
   summary: "key of its toxics' random decisions, instead of the server's"},
];

/** A protocol is a name, or an object of what tells its frames from each other. */
function withProtocol({protocol, ...rest}) {
  return protocol?.startsWith("{") ? {...rest, protocol: JSON.parse(protocol)}
    : {...rest, ...(protocol && {protocol})};
}

export function addProxy() {
  const name = el("input", {name: "name", required: true, autocomplete: "off"});
  const listen = el("input", {name: "listen", autocomplete: "off", placeholder: "127.0.0.1:0"});
  const upstream = el("input", {name: "upstream", required: true, autocomplete: "off",
                                placeholder: "localhost:6379"});
  const more = fieldsFor(MORE);
  return ask({
    title: "New proxy",
    button: "Create",
    content: [labelled(name, "name"),
              labelled(listen, "listen", "host:port; port 0, or nothing: any that is free"),
              labelled(upstream, "upstream", "host:port of the server behind it"),
              el("details", {}, el("summary", {}, "Protocol, label and seed"), ...more.elements)],
    act: () => call("POST", "proxies",
      {name: name.value, listen: listen.value, upstream: upstream.value, enabled: true,
       ...withProtocol(more.changed())}),
  });
}
