#pragma once

#include "toxics/kafka/fault.hpp"
#include "toxics/kafka/outline.hpp"
#include "toxics/kafka/protocol.hpp"

#include <aconite/operation.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace aconite::kafka {

/// What is known of a request and the same for all of its partitions.
struct request_facts {
    std::int16_t api_key = 0;
    std::string client_id;
    std::string group;
    std::string transactional_id;
    std::string acks;

    /// What a match is asked about: `topic` and `partition` as given, which outlive the result, as
    /// this does.
    [[nodiscard]] std::array<std::string_view, fact_count> of(std::string_view topic,
                                                              std::string_view partition) const;

    /// "Produce", and what a match can call it: "Produce,0".
    void name_api(std::int16_t key);
    std::string api;
    std::string api_names;
};

/// A partition that a request asks about under a number that no partition has, so that the broker
/// does nothing and says so.
struct moved_partition {
    std::int32_t partition = 0;
    std::int64_t offset = -1;  ///< of a fetch: where it was to begin
};

/// What is done to a request's answer.
struct treatment {
    std::shared_ptr<fault const> what;
    std::uint64_t toxic = 0;
    std::shared_ptr<operation_filter const> filter;
    request_facts facts;
    std::vector<moved_partition> moved;  ///< the n-th is asked for as the last number but n
    bool refused = false;                ///< the request is one that the broker refuses as a whole
};

/// The last offset that an answer told of each partition, for those that are made up.
using known_offsets = std::map<std::pair<std::string, std::int32_t>, std::int64_t>;
/// Of more partitions none is kept.
inline constexpr std::size_t offsets_max = 10'000;

/// Whether the treatment is for all of what a request is about, as far as its outline tells.
bool admits_all(treatment const& how, outline const& request);

/// Makes a request, which has its four bytes of length, one that does nothing, in place and without
/// another length: the numbers of its partitions are such that no partition has, or a number of its
/// own is one that brokers refuse. False: there is no way for such requests.
bool make_harmless(std::string& frame, outline const& request, treatment& of);

/// Whether requests of this kind change nothing at the broker, whatever they say.
bool only_reads(std::int16_t api_key);

/// Whether answers of this kind tell of topics, and of the partitions that each has.
bool tells_topics(std::int16_t api_key);

/// Puts into an answer of that version what the treatment wants the client to be told, in place.
/// `answer` is its outline with the names of topics filled in.
void treat_answer(std::string& frame, std::int16_t version, outline const& answer,
                  treatment const& how, known_offsets& offsets);

}  // namespace aconite::kafka
