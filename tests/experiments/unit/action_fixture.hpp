#pragma once

#include "clients/experiment/actions/action.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

namespace aconite::experiment {

/// Actions as the runner has them: made by their rows, undone by their records alone.
class action_fixture : public ::testing::Test {
protected:
    action_fixture()
    {
        std::filesystem::create_directories(folder);
        where.folder = folder;
        where.output = folder / "output";
    }
    ~action_fixture() override { std::filesystem::remove_all(folder); }

    /// Settings from JSON; durations are whole nanoseconds, as the file's reader has them.
    static settings settings_of(json const& values)
    {
        settings how;
        for (auto const& [name, each] : values.items())
            how.set(name, {.value = each});
        return how;
    }

    static action_kind const& row_of(std::string_view name)
    {
        auto const all = action_kinds();
        auto const found = std::ranges::find_if(
            all, [&](action_kind const& each) { return each.row.name == name; });
        if (found == all.end())
            throw std::runtime_error("no action " + std::string(name));
        return *found;
    }

    result<std::unique_ptr<action>> make(std::string_view name, json const& values,
                                         std::vector<target const*> const& aimed) const
    {
        return row_of(name).make(settings_of(values), aimed, where);
    }

    /// What is wrong with such an action, empty if nothing is.
    std::string refusal(std::string_view name, json const& values,
                        std::vector<target const*> const& aimed) const
    {
        auto const made = make(name, values, aimed);
        return made ? std::string() : made.error().text;
    }

    /// As another process would: all it has is the text of the record.
    static result<void> undo(json const& record, surroundings const& there = {})
    {
        auto const read = json::parse(record.dump());
        for (auto const& each : undo_kinds())
            if (each.name == read["kind"].get<std::string>())
                return each.undo(read, there);
        return problem{400, "no undo kind " + read["kind"].get<std::string>()};
    }

    static void undo_all(std::vector<json> const& plan, surroundings const& there = {})
    {
        for (auto each = plan.rbegin(); each != plan.rend(); ++each) {
            auto const done = undo(*each, there);
            EXPECT_TRUE(done) << each->dump() << ": " << done.error().text;
        }
    }

    /// Plans and starts it; what undoes it.
    static std::vector<json> begin(action& what)
    {
        auto const plan = what.undo_plan();
        EXPECT_TRUE(plan) << plan.error().text;
        auto const started = what.start();
        EXPECT_TRUE(started) << started.error().text;
        return plan ? *plan : std::vector<json>{};
    }

    /// Whether that holds within 10 s.
    template <class Condition>
    static bool soon(Condition holds)
    {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!holds()) {
            if (std::chrono::steady_clock::now() > deadline)
                return false;
            std::this_thread::yield();
        }
        return true;
    }

    [[nodiscard]] std::string content(std::filesystem::path const& file) const
    {
        std::ifstream in(folder / file);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    std::filesystem::path folder =
        std::filesystem::path(::testing::TempDir()) /
        ("aconite-actions-" + std::to_string(::getpid()) + "-" +
         ::testing::UnitTest::GetInstance()->current_test_info()->name());
    surroundings where;
};

}  // namespace aconite::experiment
