#include "batch.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <mutex>

#include "base/parallel.hpp"
#include "base/utf8.hpp"
#include "export_options.hpp"
#include "files.hpp"
#include "interruption.hpp"
#include "reports.hpp"

namespace fairlead::cli {
namespace {

struct Job {
  std::filesystem::path input, output;
};

// Lines "IN<tab>OUT"; empty lines and those that start with # are skipped.
Result<std::vector<Job>> ReadList(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file || !std::filesystem::is_regular_file(path)) return Error("FL1001", "{}: cannot be read", path.string());
  std::vector<Job> jobs;
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t tab = line.find('\t');
    if (tab == 0 || tab == std::string::npos || tab + 1 == line.size() || line.find('\t', tab + 1) != std::string::npos) {
      return Error("FL9004", "{}:{}: '{}' is not of the form IN<tab>OUT", path.string(), number, line);
    }
    jobs.push_back({line.substr(0, tab), line.substr(tab + 1)});
  }
  return jobs;
}

Result<std::vector<Job>> JobsFrom(const Arguments& arguments) {
  if (arguments.Has("batch")) return ReadList(arguments.Text("batch"));
  for (const std::string_view option : {"output", "expect", "verify", "json"}) {
    if (arguments.Has(option))
      return Error("FL9015", "--{} fits one input, {} are given", option, arguments.operands().size());
  }
  std::vector<Job> jobs;
  for (const std::string& input : arguments.operands()) jobs.push_back({input, DefaultOutput(input)});
  return jobs;
}

// Two models under one name, or one that replaces an input, would depend on the order of the work. A name is what it leads
// to.
Status CheckOutputs(const Arguments& arguments, const std::vector<Job>& jobs, const ExportPlan& plan) {
  std::map<std::string, const Job*> writers;
  for (const Job& job : jobs) {
    for (const NamedFile& file : OutputFiles(job.output, plan.weights)) {
      const auto [first, is_new] = writers.try_emplace(IdentityOf(file.path), &job);
      if (is_new) continue;
      return Error("FL9015", "{} and {} would both be written to {}", first->second->input.string(), job.input.string(),
                   file.path.string());
    }
  }
  std::vector<NamedFile> read = PluginFiles(plan.plugins);
  for (const Job& job : jobs) read.push_back({job.input, "an input"});
  if (arguments.Has("batch")) read.push_back({arguments.Text("batch"), "the list"});
  for (const NamedFile& file : read) {
    const auto writer = writers.find(IdentityOf(file.path));
    if (writer == writers.end()) continue;
    return Error("FL9015", "{} would be written to {}, which is {}", writer->second->input.string(), file.path.string(),
                 file.role);
  }
  return Ok();
}

struct Outcome {
  const Job* job = nullptr;
  int exit_code = 0;
  std::string first_error;  // "FL1001: …"
  bool written = false;     // also where something of --fail-on's level was found
  std::size_t warnings = 0;
  std::vector<LoweringUse> lowerings;
};

// What failed stands in the findings.
void ExportInto(Outcome& outcome, const ExportPlan& plan, PluginSet& plugins, Diagnostics& diagnostics) {
  ExportObserver observer;
  const Job& job = *outcome.job;
  const Result<ExportedModel> exported = ExportProgram(job.input, plan, plugins, diagnostics, observer);
  if (!exported.ok()) return;
  outcome.lowerings = exported->statistics.lowerings;
  const WritingScope writing;
  outcome.written = SaveModel(exported->model, job.output, plan, diagnostics, observer, WritingScope::interrupted()).ok();
}

Outcome ExportOne(const Job& job, const ExportPlan& plan, PluginSet& plugins, std::string_view fail_on) {
  Outcome outcome;
  outcome.job = &job;
  Diagnostics diagnostics;
  try {
    ExportInto(outcome, plan, plugins, diagnostics);
  } catch (const std::exception& failure) {  // a bug of ours, told as one; the other models go on
    diagnostics.Report(Error("FL9014", "{}: {}", job.input.string(), failure.what()));
  }
  outcome.exit_code = ExitCodeOf(diagnostics, fail_on);
  outcome.warnings = diagnostics.Count(Level::kWarning);
  if (const std::optional<Finding> finding = DecisiveFinding(diagnostics, fail_on)) {
    outcome.first_error = fmt::format("{}: {}", finding->rule, finding->message);
  }
  return outcome;
}

std::string ToJson(const Outcome& outcome, bool verbose) {
  JsonWriter json;
  json.BeginObject().Key("input").String(outcome.job->input.string()).Key("output").String(outcome.job->output.string());
  json.Key("exit_code").Integer(outcome.exit_code).Key("first_error");
  outcome.exit_code == 0 ? json.Null() : json.String(outcome.first_error);
  json.Key("warnings").Integer(static_cast<int64_t>(outcome.warnings));
  if (verbose) AddLowerings(json, outcome.lowerings);
  return json.End().text();
}

// Tells the outcomes in the list's order, each as soon as those before it are there.
class Teller {
 public:
  Teller(std::size_t count, Console& console) : outcomes_(count), console_(console) {}

  void Tell(std::size_t index, Outcome outcome) {
    const std::scoped_lock lock(mutex_);
    outcomes_[index] = std::move(outcome);
    for (; told_ < outcomes_.size() && outcomes_[told_]; ++told_) Tell(*outcomes_[told_]);
  }
  int worst() const { return worst_; }
  // "3 models, 2 exported, 1 failed, 4 warnings": exported is what was written.
  std::string Summary() const {
    return fmt::format("{}, {} exported, {} failed{}", Counted(outcomes_.size(), "model"), written_,
                       outcomes_.size() - written_, warnings_ == 0 ? "" : ", " + Counted(warnings_, "warning"));
  }

 private:
  void Tell(const Outcome& outcome) {
    console_.Print(ToJson(outcome, console_.verbose()));
    worst_ = std::max(worst_, outcome.exit_code);
    written_ += outcome.written ? 1 : 0;
    warnings_ += outcome.warnings;
    if (outcome.exit_code == 0) return;
    console_.Complain(fmt::format("{}: {}", Printable(outcome.job->input.string()), Printable(outcome.first_error)));
  }

  std::mutex mutex_;
  std::vector<std::optional<Outcome>> outcomes_;
  Console& console_;
  std::size_t told_ = 0, written_ = 0, warnings_ = 0;
  int worst_ = 0;
};

}  // namespace

int ExportBatch(const Arguments& arguments, Console& console) {
  const Result<ExportPlan> plan = PlanFrom(arguments);
  if (!plan.ok()) return console.Fail(plan.status());
  const Result<std::vector<Job>> jobs = JobsFrom(arguments);
  if (!jobs.ok()) return console.Fail(jobs.status());
  if (const Status usage = CheckOutputs(arguments, *jobs, *plan); !usage.ok()) return console.Fail(usage);

  PluginSet plugins(plan->plugins);
  const std::string fail_on = arguments.Text("fail-on");
  const auto threads = static_cast<std::size_t>(arguments.Number("jobs"));
  Teller teller(jobs->size(), console);
  ForEachIndex(jobs->size(), threads,
               [&](std::size_t i) { teller.Tell(i, ExportOne((*jobs)[i], *plan, plugins, fail_on)); });
  console.Say(teller.Summary() + ". NOT VERIFIED: no reference.");
  return teller.worst();
}

}  // namespace fairlead::cli
