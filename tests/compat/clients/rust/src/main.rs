//! Drives a server through the Rust client. Arguments: API_ADDRESS UPSTREAM_ADDRESS.
//!
//! The client has no call for an update of a toxic, nor for one proxy's creation.

use std::collections::HashMap;
use std::net::TcpStream;
use toxiproxy_rust::client::Client;
use toxiproxy_rust::proxy::{Proxy, ProxyPack};

fn reachable(proxy: &Proxy) -> bool {
    TcpStream::connect(&proxy.proxy_pack.listen).is_ok()
}

/// Checks that the proxy has just this toxic, and removes it.
fn expect_toxic(proxy: &Proxy, stream: &str, kind: &str, toxicity: f32, values: &[(&str, u32)]) {
    let toxics = proxy.toxics().expect("toxics");
    assert_eq!(toxics.len(), 1, "{:?}", toxics);
    let toxic = &toxics[0];
    assert_eq!(toxic.r#type, kind);
    assert_eq!(toxic.name, format!("{}_{}", kind, stream));
    assert_eq!(toxic.stream, stream);
    assert_eq!(toxic.toxicity, toxicity);
    let wanted: HashMap<String, u32> = values.iter().map(|(k, v)| (k.to_string(), *v)).collect();
    assert_eq!(toxic.attributes, wanted);
    proxy.delete_all_toxics().expect("delete toxics");
    assert!(proxy.toxics().expect("toxics").is_empty());
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let client = Client::new(arguments[1].as_str());
    let upstream = arguments[2].clone();
    assert!(client.is_running());
    assert!(client.version().expect("version").contains("2.12.0"));

    let pack = |name: &str| ProxyPack::new(name.into(), "localhost:0".into(), upstream.clone());
    let made = client.populate(vec![pack("one"), pack("two")]).expect("populate");
    assert_eq!(made.len(), 2);
    let proxy = client.find_proxy("one").expect("find");
    assert!(proxy.proxy_pack.enabled && reachable(&proxy));
    assert_eq!(client.all().expect("all").len(), 2);
    assert!(client.find_proxy("nobody").is_err());
    assert!(client.populate(vec![pack("")]).is_err());

    proxy.with_down(|| assert!(!reachable(&proxy))).expect("down");
    assert!(reachable(&proxy));

    let up = || String::from("upstream");
    proxy.with_latency(up(), 11, 12, 0.2);
    expect_toxic(&proxy, "upstream", "latency", 0.2, &[("latency", 11), ("jitter", 12)]);
    proxy.with_bandwidth(up(), 13, 0.3);
    expect_toxic(&proxy, "upstream", "bandwidth", 0.3, &[("rate", 13)]);
    proxy.with_slow_close("downstream".into(), 14, 1.0);
    expect_toxic(&proxy, "downstream", "slow_close", 1.0, &[("delay", 14)]);
    proxy.with_timeout(up(), 15, 1.0);
    expect_toxic(&proxy, "upstream", "timeout", 1.0, &[("timeout", 15)]);
    proxy.with_slicer(up(), 18, 17, 16, 1.0);
    let slicer = [("average_size", 18), ("size_variation", 17), ("delay", 16)];
    expect_toxic(&proxy, "upstream", "slicer", 1.0, &slicer);
    proxy.with_limit_data(up(), 19, 1.0);
    expect_toxic(&proxy, "upstream", "limit_data", 1.0, &[("bytes", 19)]);

    proxy.with_latency(up(), 5, 0, 1.0);
    proxy.disable().expect("disable");
    client.reset().expect("reset");
    let proxy = client.find_and_reset_proxy("one").expect("find again");
    assert!(proxy.proxy_pack.enabled && proxy.proxy_pack.toxics.is_empty());

    for (_, each) in client.all().expect("all") {
        each.delete().expect("delete");
    }
    assert!(client.all().expect("all").is_empty());
    println!("all passed");
}
