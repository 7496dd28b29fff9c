#pragma once

#include <aconite/testing/test_bed.hpp>

#include <gtest/gtest.h>

#include <iostream>
#include <memory>
#include <string_view>
#include <utility>

namespace aconite::testing {

/// A fixture for GoogleTest: `class orders : public aconite::testing::fixture {...}`. A test whose
/// required toxic never acted fails, and a test that fails, however, prints the journal. Both
/// happen when the fixture ends, behind the test's own variables and TearDown.
class fixture : public ::testing::Test {
protected:
    fixture() = default;
    /// An engine as `config` says.
    explicit fixture(engine_config config) : bed_(std::move(config)) {}
    /// Proxies elsewhere: see `client::server`.
    explicit fixture(std::unique_ptr<control> where) : bed_(std::move(where)) {}
    ~fixture() override
    {
        for (auto const& sentence : bed_.unfired())
            ADD_FAILURE() << sentence;
        if (HasFailure())
            std::cout << bed_.report() << std::flush;
    }

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
    test_bed bed_;
};

}  // namespace aconite::testing
