// Drives a server through the official Go client. Usage: driver API_ADDRESS UPSTREAM_ADDRESS
package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2/client"
)

var toxics = []struct {
	kind   string
	values toxiproxy.Attributes
}{
	{"latency", toxiproxy.Attributes{"latency": 11, "jitter": 12}},
	{"bandwidth", toxiproxy.Attributes{"rate": 13}},
	{"slow_close", toxiproxy.Attributes{"delay": 14}},
	{"timeout", toxiproxy.Attributes{"timeout": 15}},
	{"reset_peer", toxiproxy.Attributes{"timeout": 16}},
	{"slicer", toxiproxy.Attributes{"average_size": 19, "size_variation": 18, "delay": 17}},
	{"limit_data", toxiproxy.Attributes{"bytes": 20}},
}

// check ends the program with a message unless the condition holds.
func check(condition bool, format string, args ...any) {
	if !condition {
		fmt.Fprintf(os.Stderr, "FAILED: "+format+"\n", args...)
		os.Exit(1)
	}
}

func ok(err error, what string) {
	check(err == nil, "%s: %v", what, err)
}

func rejected(err error, status int, text string) {
	var api *toxiproxy.ApiError
	check(errors.As(err, &api), "no API error but %v", err)
	check(api.Status == status && api.Message == text, "wanted %d %s, got %v", status, text, api)
}

func reachable(address string) bool {
	connection, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err == nil {
		connection.Close()
	}
	return err == nil
}

func main() {
	client := toxiproxy.NewClient(os.Args[1])
	upstream := os.Args[2]

	version, err := client.Version()
	ok(err, "version")
	check(strings.Contains(string(version), "2.12.0"), "version %s", version)

	made, err := client.Populate([]toxiproxy.Proxy{
		{Name: "one", Listen: "localhost:0", Upstream: upstream, Enabled: true},
		{Name: "two", Listen: "localhost:0", Upstream: upstream, Enabled: false},
	})
	ok(err, "populate")
	check(len(made) == 2 && made[0].Name == "one" && made[0].Enabled && !made[1].Enabled, "populate")

	proxy, err := client.CreateProxy("three", "127.0.0.1:0", upstream)
	ok(err, "create")
	check(proxy.Enabled && reachable(proxy.Listen), "created proxy is not up: %+v", proxy)
	_, err = client.CreateProxy("three", "127.0.0.1:0", upstream)
	rejected(err, 409, "proxy already exists")
	_, err = client.CreateProxy("", "", "")
	rejected(err, 400, "missing required field: name")
	_, err = client.Proxy("nobody")
	rejected(err, 404, "proxy not found")

	all, err := client.Proxies()
	ok(err, "list")
	check(len(all) == 3 && all["three"].Listen == proxy.Listen, "list %+v", all)

	ok(proxy.Disable(), "disable")
	check(!proxy.Enabled && !reachable(proxy.Listen), "disabled proxy is reachable")
	ok(proxy.Enable(), "enable")
	check(proxy.Enabled && reachable(proxy.Listen), "enabled proxy is not reachable")
	proxy.Upstream = "127.0.0.1:1"
	ok(proxy.Save(), "save")
	check(proxy.Upstream == "127.0.0.1:1", "upstream %s", proxy.Upstream)

	for _, each := range toxics {
		drive(proxy, each.kind, each.values)
	}
	_, err = proxy.AddToxic("", "nope", "", 1, nil)
	rejected(err, 400, "invalid toxic type")
	_, err = proxy.AddToxic("", "latency", "sideways", 1, nil)
	rejected(err, 400, "stream was invalid, can be either upstream or downstream")
	_, err = proxy.UpdateToxic("nobody", 1, nil)
	rejected(err, 404, "toxic not found")
	rejected(proxy.RemoveToxic("nobody"), 404, "toxic not found")

	_, err = proxy.AddToxic("", "latency", "", -1, toxiproxy.Attributes{"latency": 5})
	ok(err, "add before reset")
	ok(proxy.Disable(), "disable before reset")
	check(len(proxy.ActiveToxics) == 1, "toxics after disable %+v", proxy.ActiveToxics)
	ok(client.ResetState(), "reset")
	proxy, err = client.Proxy("three")
	ok(err, "get")
	check(proxy.Enabled && len(proxy.ActiveToxics) == 0, "after reset %+v", proxy)

	for _, name := range []string{"one", "two", "three"} {
		proxy, err = client.Proxy(name)
		ok(err, "get "+name)
		ok(proxy.Delete(), "delete "+name)
	}
	rejected(proxy.Delete(), 404, "proxy not found")
	all, err = client.Proxies()
	ok(err, "list")
	check(len(all) == 0, "left over %+v", all)
	fmt.Println("all passed")
}

// drive adds, reads, updates and removes one toxic.
func drive(proxy *toxiproxy.Proxy, kind string, values toxiproxy.Attributes) {
	toxic, err := proxy.AddToxic("", kind, "upstream", 0.2, values)
	ok(err, "add "+kind)
	check(toxic.Name == kind+"_upstream" && toxic.Toxicity == 0.2, "added %+v", toxic)
	_, err = proxy.AddToxic("", kind, "upstream", 0.2, values)
	rejected(err, 409, "toxic already exists")
	listed, err := proxy.Toxics()
	ok(err, "toxics")
	check(len(listed) == 1 && len(listed[0].Attributes) == len(values), "listed %+v", listed)
	for name, value := range values {
		check(listed[0].Attributes[name] == float64(value.(int)), "listed %+v", listed)
		toxic, err = proxy.UpdateToxic(toxic.Name, -1, toxiproxy.Attributes{name: value.(int) + 1})
		ok(err, "update "+kind)
		check(toxic.Attributes[name] == float64(value.(int)+1), "updated %+v", toxic)
		_, err = proxy.UpdateToxic(toxic.Name, -1, toxiproxy.Attributes{name: value})
		ok(err, "update back "+kind)
	}
	toxic, err = proxy.UpdateToxic(toxic.Name, 0.7, nil)
	ok(err, "update toxicity")
	check(toxic.Toxicity == 0.7, "toxicity %+v", toxic)
	ok(proxy.RemoveToxic(toxic.Name), "remove "+kind)
}
