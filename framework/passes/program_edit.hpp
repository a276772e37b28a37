// Edits of an ExportedProgram that keep its parts together: the graph's outputs are the values of those output specs that
// have one, in the order of the specs.
#pragma once

#include <functional>
#include <vector>

#include "diagnostics/diagnostics.hpp"
#include "frontend/exported_program.hpp"

namespace fairlead {

// Sets the graph's outputs from the specs.
void SyncOutputs(ExportedProgram& program);

// ReplaceValues on the graph, and on the specs of inputs and outputs.
void ReplaceProgramValues(ExportedProgram& program, const std::vector<ValueId>& replacement);

// ReplaceProgramValues where `graph` is the program's, ReplaceValues where it is nested in it.
void ReplaceIn(ExportedProgram& program, Graph& graph, const std::vector<ValueId>& replacement);

// Calls `visit` for the graph and every graph nested in it, outer ones first; stops at the first error.
Status ForEachGraph(Graph& graph, const std::function<Status(Graph&)>& visit);

// Reports the error with the node's place in the user's program, and answers it: what is reported again merges.
Status ReportAt(const Graph& graph, const Node& node, Status error, Diagnostics& diagnostics);

}  // namespace fairlead
