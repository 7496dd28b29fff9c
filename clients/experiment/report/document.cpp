#include "clients/experiment/report/document.hpp"

#include "clients/experiment/report/sections.hpp"

namespace aconite::experiment {
namespace {

bool says_nothing(section const& part)
{
    return part.text.empty() && part.rows.rows.empty() && part.block.empty();
}

}  // namespace

document document_of(json const& report)
{
    document whole;
    whole.title = text_of(report, "name");
    if (whole.title.empty())
        whole.title = "Experiment without a name";
    whole.verdict = verdict_of(report);
    std::vector<section> parts{about_section(report),    codes_section(report),
                               results_section(report),  repeats_section(report),
                               timeline_section(report), faults_section(report)};
    for (auto& each : load_sections(report))
        parts.push_back(std::move(each));
    parts.push_back(recovery_section(report));
    parts.push_back(probes_section(report));
    if (has_proved(report)) {
        parts.push_back({"learning", "Root cause: what was learned", text_of(report, "learning")});
        parts.push_back({"improvement", "Fix: what to improve", text_of(report, "improvement")});
    }
    parts.push_back(again_section(report));
    parts.push_back(log_section(report));
    for (auto& each : parts)
        if (!says_nothing(each))
            whole.sections.push_back(std::move(each));
    return whole;
}

}  // namespace aconite::experiment
