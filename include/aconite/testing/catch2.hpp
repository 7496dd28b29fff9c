#pragma once

#include <aconite/testing/test_bed.hpp>

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_test_macros.hpp>
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>
#else
#ifndef CATCH_CONFIG_EXTERNAL_INTERFACES
#define CATCH_CONFIG_EXTERNAL_INTERFACES  // listeners; Catch2 2 is to be included here first
#endif
#include <catch2/catch.hpp>
#endif

#include <iostream>
#include <memory>
#include <string_view>
#include <utility>

namespace aconite::testing {

#if __has_include(<catch2/catch_test_macros.hpp>)
using catch_listener = Catch::EventListenerBase;
#else
using catch_listener = Catch::TestEventListenerBase;
#endif

/// Counts what failed, which Catch2 tells only its listeners. Registered by this header.
class failure_counter : public catch_listener {
public:
    using catch_listener::catch_listener;

    /// So many assertions failed in this process so far.
    static unsigned long& count()
    {
        static unsigned long failed = 0;
        return failed;
    }

    /// Called by Catch2 for each assertion.
#if __has_include(<catch2/catch_test_macros.hpp>)
    void assertionEnded(Catch::AssertionStats const& ended) override
    {
        note(ended);
    }
#else
    bool assertionEnded(Catch::AssertionStats const& ended) override
    {
        note(ended);
        return true;
    }
#endif

private:
    static void note(Catch::AssertionStats const& ended)
    {
        if (!ended.assertionResult.isOk())
            ++count();
    }
};

/// A fixture for Catch2, to be used with TEST_CASE_METHOD. A test whose required toxic never acted
/// fails, and a test that fails, however, prints the journal. Both happen when the fixture ends,
/// behind the test's own variables.
class fixture {
public:
    fixture() = default;
    /// An engine as `config` says.
    explicit fixture(engine_config config) : bed_(std::move(config)) {}
    /// Proxies elsewhere: see `client::server`.
    explicit fixture(std::unique_ptr<control> where) : bed_(std::move(where)) {}
    ~fixture()
    {
        for (auto const& sentence : bed_.unfired())
            FAIL_CHECK(sentence);
        if (failure_counter::count() != failures_before_)
            std::cout << bed_.report() << std::flush;
    }
    fixture(fixture const&) = delete;
    fixture& operator=(fixture const&) = delete;

protected:
    /// What the test has of aconite.
    [[nodiscard]] test_bed& bed() { return bed_; }
    /// See `test_bed::proxy`.
    scoped_proxy& proxy(std::string_view name, std::string_view upstream,
                        std::string_view protocol = {})
    {
        return bed_.proxy(name, upstream, protocol);
    }
    /// See `test_bed::require`.
    scoped_toxic require(scoped_toxic toxic) { return bed_.require(std::move(toxic)); }

private:
    unsigned long failures_before_ = failure_counter::count();
    test_bed bed_;
};

CATCH_REGISTER_LISTENER(failure_counter)

}  // namespace aconite::testing
