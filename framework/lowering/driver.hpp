// The walk over the program and the calls into lowerings. Inside of lowering/ only.
#pragma once

#include <fairlead/sdk/abi/p_lowering.h>

#include <string>
#include <vector>

#include "lowering/call_site.hpp"
#include "lowering/lowering.hpp"
#include "lowering/target.hpp"
#include "plugin/context.hpp"
#include "registry/registry.hpp"

namespace fairlead {

class Driver;

// What an fl_ctx is during `lower`.
class LoweringContext final : public CallContext {
 public:
  // Begins in the graph that is current now: the call may end no graph that it did not begin.
  LoweringContext(Driver& driver, CallSite& site, const LoweringRow& row, Location location);

  Driver& driver() { return driver_; }
  CallSite& site() { return site_; }
  const LoweringRow& row() const { return row_; }
  Location location() const override { return location_; }
  uint32_t entry_frame() const { return entry_frame_; }
  const Target::Mark& mark() const { return mark_; }  // where the target stood when the call began
  void Deliver(Finding finding) override;

  std::vector<TargetValue> results;
  bool results_given = false;

  // Only inside of a table's function, once Find knew the context.
  static LoweringContext& From(fl_ctx* ctx) { return static_cast<LoweringContext&>(CallContext::From(ctx)); }
  // Keeps the message and answers the status that stands for it.
  fl_status Refuse(const Status& status, fl_status as = FL_INVALID_ARGUMENT) {
    if (type_fault_.ok() && status.error().rule == "FL3004") type_fault_ = status;
    return Fail(as, status.message());
  }
  // Not ok once an operator was refused for a type that it does not take at the target.
  const Status& type_fault() const { return type_fault_; }

 private:
  Driver& driver_;
  CallSite& site_;
  const LoweringRow& row_;
  Location location_;
  uint32_t entry_frame_;
  Target::Mark mark_;
  Status type_fault_;
};

class Driver {
 public:
  Driver(const Registry& registry, const LoweringOptions& options, Diagnostics& diagnostics)
      : registry_(registry), options_(options), diagnostics_(diagnostics), target_(options.opset, options.seed) {}

  Result<Model> Run(const ExportedProgram& program, LoweringStatistics* statistics);

  Target& target() { return target_; }
  Diagnostics& diagnostics() { return diagnostics_; }
  // A nested graph that was ended and waits for a node of the graph around it to take it; answers its handle's id.
  uint64_t KeepGraph(GraphPtr graph) {
    closed_graphs_.push_back({std::move(graph), target_.current_frame()});
    return closed_graphs_.size();
  }

  // A finding that is reported once the node is lowered, unless the call that made it is rolled back.
  void Keep(Finding finding) { findings_.push_back(std::move(finding)); }

  // Whether anything in the program reads the result; true for a call that a lowering asked for.
  bool IsUsed(const CallSite& site, std::size_t result);

  // One call, by the best row that does not decline; every try is a transaction.
  Result<std::vector<TargetValue>> LowerCall(CallSite& site, const Location& location);
  // fl_build.aten: a call that a lowering asks for.
  Result<std::vector<TargetValue>> LowerRequested(const fl_aten_call& call, const Location& location);
  // The nodes of a (nested) source graph, its inputs bound already. Values of results are in `values`.
  Status LowerNodes(const Graph& source, ValueMap& values);
  // fl_build.lower_subgraph.
  Result<std::vector<TargetValue>> LowerSubgraph(const Graph& source, std::span<const TargetValue> inputs);

 private:
  Status LowerNode(const Graph& source, NodeId id, ValueMap& values);
  void AddInputs(const ExportedProgram& program, ValueMap& values);
  Result<std::vector<TargetValue>> TryRow(CallSite& site, const LoweringRow& row, const Location& location,
                                          fl_status* status);
  Result<std::vector<TargetValue>> CallRow(CallSite& site, const LoweringRow& row, const Location& location,
                                           fl_status* status);
  std::vector<LoweringUse> Uses() const;
  // results.cpp: compares with what PyTorch recorded and adopts what ONNX could not infer.
  Status CheckResults(const CallSite& site, const LoweringRow& row, std::vector<TargetValue>& results);
  // A value of the recorded type that stands for the result of a refused node, so that the walk can go on.
  TargetValue Placeholder(const Type& type);

  const Registry& registry_;
  const LoweringOptions& options_;
  Diagnostics& diagnostics_;
  Target target_;
  SourceId source_ = 0;  // of the node of the main graph that is being lowered
  int calls_ = 0;        // depth of calls into lowerings
  std::size_t lowered_ = 0;
  std::vector<const LoweringRow*> used_;  // of every call whose nodes are in the target
  bool failed_ = false;
  Status first_error_;
  std::map<const Graph*, std::vector<uint32_t>> uses_;  // of the program's graphs, counted when first asked
  struct ClosedGraph {
    GraphPtr graph;   // null once a node took it
    uint32_t around;  // the frame it was begun in
  };
  std::vector<ClosedGraph> closed_graphs_;  // of the call from the driver that is going on
  std::vector<Finding> findings_;           // reported by calls that were not rolled back, until the node is lowered

  friend struct BuildTable;
};

// Whether an argument or a result is a complex tensor.
bool WorksOnComplex(const Graph& graph, const Node& node);

// types.cpp: the data types of the graph, nested graphs included, that ONNX has only after `opset`: one finding for each
// (FL3004). The Status is the first.
Status ReportMissingTypes(const Graph& graph, int opset, Diagnostics& diagnostics);

// Where the node stands, for diagnostics.
Location LocationOfNode(const Graph& graph, NodeId node);

}  // namespace fairlead
