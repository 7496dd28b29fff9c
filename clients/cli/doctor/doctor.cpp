#include "clients/cli/doctor/doctor.hpp"

#include "clients/cli/doctor/machine.hpp"
#include "clients/cli/doctor/server_checks.hpp"
#include "clients/cli/text/table.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>

namespace aconite::cli {
namespace {

std::string name_of(grade how)
{
    return how == grade::ok ? "ok" : how == grade::warning ? "warning" : "problem";
}

colour colour_of(grade how)
{
    return how == grade::ok ? colour::green : how == grade::warning ? colour::bold : colour::red;
}

grade worst_of(findings const& all)
{
    auto worst = grade::ok;
    for (auto const& one : all)
        worst = std::max(worst, one.how);
    return worst;
}

nlohmann::json to_json(findings const& all)
{
    auto checks = nlohmann::json::array();
    for (auto const& one : all) {
        checks.push_back(
            {{"check", one.check}, {"status", name_of(one.how)}, {"found", one.found}});
        if (!one.advice.empty())
            checks.back()["advice"] = one.advice;
    }
    return {{"status", name_of(worst_of(all))}, {"checks", std::move(checks)}};
}

}  // namespace

std::string format_findings(findings const& all, style how)
{
    table rows({"CHECK", "STATE", "FOUND"});
    for (auto const& one : all)
        rows.add({one.check,
                  {name_of(one.how), colour_of(one.how)},
                  one.advice.empty() ? one.found : one.found + ": " + one.advice});
    auto const count = [&all](grade sought) {
        return std::ranges::count(all, sought, &finding::how);
    };
    return rows.text(how.colour) + fmt::format("problems: {}, warnings: {}\n",
                                               count(grade::problem), count(grade::warning));
}

outcome run_doctor(command const& asked, identity const& self, style how)
{
    auto all = findings{{"program", grade::ok, self.version_line}};
    std::ranges::move(judge_machine(read_machine()), std::back_inserter(all));
    std::ranges::move(check_server(asked, self), std::back_inserter(all));
    return {worst_of(all) == grade::problem ? 1 : 0,
            asked.for_scripts() ? to_text(to_json(all)) : format_findings(all, how), ""};
}

}  // namespace aconite::cli
