// Options of the command line in the terms of the exporter.
#pragma once

#include "command_line.hpp"
#include "export/export_run.hpp"
#include "export/verification.hpp"

namespace fairlead::cli {

// The plan of export, scan, ops and explain; options that a command does not have keep their defaults. FL9004, FL9015.
Result<ExportPlan> PlanFrom(const Arguments& arguments);
// --plugin, --plugin-dir, --no-plugins, --plugin-opt.
Result<PluginSources> PluginsFrom(const Arguments& arguments);
// --expect and --expect-set; empty when not given.
std::optional<ExpectedFile> ExpectedFrom(const Arguments& arguments);
// model.pt2 → model.onnx in the current folder.
std::filesystem::path DefaultOutput(const std::filesystem::path& input);

}  // namespace fairlead::cli
