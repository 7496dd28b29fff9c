#pragma once

#include "toxics/kafka/visitor.hpp"
#include "toxics/kafka/walker.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::kafka {

/// A topic that a request is about.
struct topic_fact {
    std::string name;  ///< empty: the request tells its id only
    std::string id;    ///< its 16 bytes; empty: the request tells its name only
    std::vector<std::int32_t> partitions;
};

/// What a request is about, as far as it was read.
struct request_facts {
    std::vector<topic_fact> topics;
    std::vector<std::string> groups;
    std::vector<std::string> transactional_ids;
    std::string sasl_mechanism;  ///< of a SaslHandshake
    /// Of a Produce: how many brokers are to have it before it is answered; 0: it is not answered.
    std::optional<std::int16_t> acks;
    std::optional<bool> commits;  ///< of an EndTxn: it does, or it aborts
    /// There is more of these than is kept, or a name is too long.
    bool is_cut = false;

    /// So many are kept of each, of partitions in all topics together.
    static constexpr std::size_t topics_max = 256;
    static constexpr std::size_t partitions_max = 4096;
    static constexpr std::size_t names_max = 64;
};

/// Collects what a request is about while a walker reads it.
class facts_visitor final : public visitor {
public:
    /// What was collected so far.
    [[nodiscard]] request_facts const& facts() const { return facts_; }

    bool wants(field const& what) override;
    void on_number(field const& what, place where, std::int64_t value) override;
    void on_text(field const& what, place where, std::optional<std::string_view> text) override;
    void on_long_text(field const& what, place where) override;
    void on_structure(field const& what, std::uint64_t at) override;
    void on_structure_end(field const& what, std::uint64_t at) override;

private:
    /// What a field is to us.
    enum class role : std::uint8_t {
        none,
        topic_name,
        listed_topic,  ///< a name that stands for a topic by itself
        topic_id,
        partition,
        group,
        transactional_id,
        key,       ///< of a coordinator: what it is the `key_type` tells
        key_type,  ///< behind or before the key, or not there: a group then
        mechanism,
        acks,
        commits,
    };

    [[nodiscard]] role role_of(field const& what) const;
    void on_key(std::string_view key);
    void on_key_type(std::int64_t type);
    void begin_topic();
    void keep(std::vector<std::string>& in, std::string_view name);

    request_facts facts_;
    std::vector<field const*> inside_;  ///< the structures that are open
    std::size_t partitions_ = 0;
    bool drops_topic_ = false;  ///< the topic that is read is one too many
    std::int64_t key_type_ = 0;
};

/// Reads what one request is about, as its bytes come.
class request_reader {
public:
    /// A request of `frame_size` bytes behind the four of its length. Of one that there is no table
    /// for nothing is told.
    request_reader(std::int16_t api_key, std::int16_t version, std::uint32_t frame_size);
    request_reader(request_reader const&) = delete;
    request_reader& operator=(request_reader const&) = delete;

    /// The next bytes, from behind the length on.
    void feed(std::string_view bytes);
    /// So many of the next bytes need not be seen.
    [[nodiscard]] std::uint64_t unseen() const;
    /// So many of them, at most that, went by.
    void on_unseen(std::uint64_t count);

    /// All of it was read, or what there is no table for.
    [[nodiscard]] bool finished() const { return seen_ == size_; }
    /// What is wrong with it; empty: nothing so far. No more is read of it.
    [[nodiscard]] std::string_view error() const;
    [[nodiscard]] request_facts const& facts() const { return visitor_.facts(); }

private:
    std::uint64_t size_;
    std::uint64_t seen_ = 0;
    facts_visitor visitor_;
    std::optional<walker> walker_;
};

}  // namespace aconite::kafka
