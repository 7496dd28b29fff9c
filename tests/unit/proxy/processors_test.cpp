#include "proxy/engine/cgroup_quota.hpp"

#include <aconite/processors.hpp>

#include <gtest/gtest.h>

#include <sched.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace aconite {
namespace {

namespace fs = std::filesystem;

/// A process' control groups, as files in a folder that goes with it.
class control_groups : public ::testing::Test {
protected:
    control_groups()
        : folder_(fs::temp_directory_path() / ("aconite-cgroups-" + std::to_string(::getpid())))
    {}
    ~control_groups() override { fs::remove_all(folder_); }

    void write(fs::path const& file, std::string const& text) const
    {
        fs::create_directories((folder_ / file).parent_path());
        std::ofstream(folder_ / file) << text;
    }

    [[nodiscard]] std::optional<double> quota() const
    {
        return cgroup_quota(folder_ / "membership", folder_);
    }

private:
    fs::path folder_;
};

TEST_F(control_groups, v2_tells_quota_and_period_in_one_file)
{
    write("membership", "0::/app\n");
    write("app/cpu.max", "150000 100000\n");
    EXPECT_EQ(quota(), 1.5);
    write("app/cpu.max", "max 100000\n");
    EXPECT_EQ(quota(), std::nullopt);
}

TEST_F(control_groups, v1_tells_them_in_two)
{
    write("membership", "4:memory:/app\n3:cpu,cpuacct:/app\n0::/\n");
    write("cpu,cpuacct/app/cpu.cfs_quota_us", "50000\n");
    write("cpu,cpuacct/app/cpu.cfs_period_us", "100000\n");
    EXPECT_EQ(quota(), 0.5);
    write("cpu,cpuacct/app/cpu.cfs_quota_us", "-1\n");
    EXPECT_EQ(quota(), std::nullopt);
}

TEST_F(control_groups, the_least_of_all_groups_around_counts)
{
    write("membership", "0::/pod/app\n");
    write("pod/app/cpu.max", "400000 100000\n");
    write("pod/cpu.max", "200000 100000\n");
    EXPECT_EQ(quota(), 2.0);
    write("pod/app/cpu.max", "100000 100000\n");
    EXPECT_EQ(quota(), 1.0);
}

TEST_F(control_groups, in_a_container_the_path_may_be_the_hosts)
{
    write("membership", "1:cpu:/docker/4f2a\n");
    write("cpu/cpu.cfs_quota_us", "100000\n");
    write("cpu/cpu.cfs_period_us", "100000\n");
    EXPECT_EQ(quota(), 1.0);
}

TEST_F(control_groups, what_cannot_be_read_is_no_limit)
{
    EXPECT_EQ(quota(), std::nullopt);
    write("membership", "nonsense\n0::/app\n:\n1:cpu:/app\n");
    EXPECT_EQ(quota(), std::nullopt);
    write("app/cpu.max", "0 0\n");
    EXPECT_EQ(quota(), std::nullopt);
    write("app/cpu.max", "much 100000\n");
    EXPECT_EQ(quota(), std::nullopt);
    write("cpu/app/cpu.cfs_quota_us", "100000");
    EXPECT_EQ(quota(), std::nullopt);
}

TEST(processors, threads_are_as_many_as_may_be_used_and_at_most_eight)
{
    EXPECT_EQ(default_threads({.count = 1, .allowed = 64, .quota = 0.5}), 1U);
    EXPECT_EQ(default_threads({.count = 3}), 3U);
    EXPECT_EQ(default_threads({.count = 64, .allowed = 64}), 8U);
}

TEST(processors, one_that_is_pinned_to_may_be_used)
{
    cpu_set_t before{};
    ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
    int first = 0;
    while (!CPU_ISSET(first, &before))
        ++first;
    cpu_set_t one{};
    CPU_SET(first, &one);
    ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
    auto const found = find_processors();
    ASSERT_EQ(::sched_setaffinity(0, sizeof before, &before), 0);
    EXPECT_EQ(found.allowed, 1U);
    EXPECT_EQ(found.count, 1U);
    EXPECT_EQ(default_threads(found), 1U);
}

TEST(processors, people_read_what_limits_them)
{
    EXPECT_EQ(to_text({.count = 2, .allowed = 8, .quota = 1.5}), "2 (of 8 allowed, quota 1.5)");
    EXPECT_EQ(to_text({.count = 4, .allowed = 4}), "4 (of 4 allowed, no quota)");
}

}  // namespace
}  // namespace aconite
