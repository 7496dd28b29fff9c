#pragma once

#include <aconite/problem.hpp>
#include <aconite/stats.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aconite {
class engine;
}

namespace aconite::api {

/// Whose numbers are compared.
struct subject {
    std::string proxy;  ///< empty: all of them together
    std::string toxic;  ///< empty: all of them together

    /// "toxic t of proxy p", for sentences.
    [[nodiscard]] std::string text() const;
};

/// A number that a test may wait for or insist on: `hits >= 1`.
class condition {
public:
    /// `quantity` is one of `quantities`, `sign` one of >= > <= < == != =. 400 that names what is
    /// wrong.
    static result<condition> make(std::string_view quantity, std::string_view sign,
                                  std::uint64_t bound);
    /// By what a query has: "hits>" and "1", or "hits<5" and "".
    static result<condition> from_query(std::string_view name, std::string_view value);

    [[nodiscard]] bool holds_for(std::uint64_t seen) const;
    /// "hits >= 1".
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::string_view quantity() const { return quantity_; }

private:
    std::string_view quantity_;
    std::string_view sign_;
    std::uint64_t bound_ = 0;
};

/// What can be compared, and by what.
std::vector<std::string_view> quantity_names();
std::span<std::string_view const> condition_signs();

/// "hits", "bytes", "connections", "open", "dial_errors", "not_followed", "bypass", for the
/// messages.
std::string quantities();

/// The number now. 404 if there is no such proxy or toxic; 400 for what a toxic does not have.
/// hits: of toxics; bytes: received on both streams or, of a toxic, at hand when it acted;
/// connections: accepted or, of a toxic, hit; open: living now; dial_errors, not_followed;
/// bypass: ways around the proxy that clients were told of.
result<std::uint64_t> measure(engine const& e, subject const& who, std::string_view quantity);

}  // namespace aconite::api
