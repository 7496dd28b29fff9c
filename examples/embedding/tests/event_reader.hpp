#pragma once

#include <cstddef>
#include <string>

/// How many events with this key the topic, which has one partition, holds now. `broker` is
/// "host:port". Throws std::runtime_error, also when nothing comes for 10 s.
std::size_t count_events(std::string const& broker, std::string const& topic,
                         std::string const& key);
