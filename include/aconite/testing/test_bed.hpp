#pragma once

#include <aconite/control.hpp>
#include <aconite/engine.hpp>
#include <aconite/scoped_proxy.hpp>
#include <aconite/scoped_toxic.hpp>

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::testing {

/// What one test needs of aconite, without a test framework: `gtest.hpp` and `catch2.hpp` make a
/// fixture of it. Its proxies and toxics end with it. Used by one thread at a time.
class test_bed {
public:
    /// An engine of its own with one data thread. Its seed is the environment's ACONITE_SEED (a
    /// number), so that a test that failed can be repeated, or else a new one. Throws
    /// std::invalid_argument for an ACONITE_SEED that is no number, std::system_error.
    test_bed();
    /// An engine of its own, made as `config` says, with a toxic of your own for example.
    explicit test_bed(engine_config config);
    /// Proxies elsewhere: a `client::server`. Records that are there already are not looked at.
    explicit test_bed(std::unique_ptr<control> where);

    /// Where the proxies are.
    [[nodiscard]] control& where() { return *where_; }
    /// A proxy on a free port of 127.0.0.1, to `upstream` ("host:port"), until the end of the test;
    /// `protocol` as in `proxy_config`. Throws std::runtime_error.
    scoped_proxy& proxy(std::string_view name, std::string_view upstream,
                        std::string_view protocol = {});
    /// The same, made as `config` says.
    scoped_proxy& proxy(proxy_config config);

    /// Notes that the test proves nothing unless this toxic changes something. Gives it back.
    scoped_toxic require(scoped_toxic toxic);
    /// A sentence for each required toxic that has not acted yet.
    [[nodiscard]] std::vector<std::string> unfired() const;

    /// What happened since the test began, for people: the engine's seed and a line for each
    /// record of the journal.
    [[nodiscard]] std::string report() const;

private:
    std::unique_ptr<control> where_;
    std::string head_;         ///< of the report
    std::uint64_t begin_ = 0;  ///< the last record before the test
    std::list<scoped_proxy> proxies_;
    std::vector<std::shared_ptr<scoped_toxic::state>> required_;
};

}  // namespace aconite::testing
