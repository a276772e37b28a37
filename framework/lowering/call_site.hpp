// One ATen call to be lowered: a node of the program, or one that a lowering asks for (fl_build.aten).
#pragma once

#include <fairlead/sdk/abi/build.h>

#include <deque>
#include <string>
#include <vector>

#include "aten/schema.hpp"
#include "ir/graph.hpp"
#include "lowering/target.hpp"

namespace fairlead {

// The program's values in the target: indexed by ValueId of one source graph.
using ValueMap = std::vector<TargetValue>;

class CallSite {
 public:
  // `schema` is the row's when PyTorch has none (a custom operator).
  CallSite(const Graph& source, NodeId node, const ValueMap& values, const AtenSchema& schema);
  CallSite(const fl_aten_call& call, const AtenSchema& schema);

  const AtenSchema& schema() const { return schema_; }
  const Node* node() const { return node_; }
  const Graph* source() const { return source_; }
  std::size_t result_count() const { return result_types_.size(); }
  // As PyTorch recorded it, as a tensor type; kUnknown for a call that a lowering asked for.
  const Type& result_type(std::size_t index) const { return result_types_[index]; }

  // A call that a lowering asked for: whether its arguments are parameters of the schema, of kinds there are, and with data
  // where they have items. FL2012.
  Status CheckRequested() const;

  // Fills `out` (size set by the caller), marks the parameter as read. FL2012 when there is no such parameter; FL1001 when
  // the program lacks it, FL2003 when no fl_arg can say what the program gives.
  Status Read(std::string_view parameter, Target& target, fl_arg* out);
  // The first thing wrong with an argument that was read and that the program gives: those of Read, and FL1001 for a form
  // that the schema does not have. Ok for a call that a lowering asked for.
  const Status& program_fault() const { return program_fault_; }
  void ForgetReads() { read_ = 0; }
  // The first parameter whose given value differs from the default and which is neither read nor in `excused`.
  const AtenParameter* FirstUnread(uint64_t excused) const;
  // The first parameter in `mask` whose given value differs from the default.
  const AtenParameter* FirstGiven(uint64_t mask) const;
  // "dim=-1", for messages.
  std::string Describe(const AtenParameter& parameter) const;
  // A nested ATen graph handed out by Read.
  const Graph* FindSubgraph(fl_graph handle) const;

 private:
  Status Blame(Status fault);  // keeps the first; answers this one
  Status ReadGiven(const AtenParameter& parameter, const AttributeValue& value, Target& target, fl_arg* out);
  Status ReadAttribute(const AtenParameter& parameter, const AttributeValue& value, Target& target, fl_arg* out);
  Status ReadList(const AtenParameter& parameter, const AttributeValue& value, Target& target, fl_arg* out);
  TargetValue Map(ValueRef ref) const;
  bool IsDefault(std::size_t parameter) const;

  const Graph* source_ = nullptr;
  const Node* node_ = nullptr;
  const ValueMap* values_ = nullptr;
  const fl_aten_call* call_ = nullptr;
  const AtenSchema& schema_;
  std::vector<Type> result_types_;
  Status program_fault_;
  uint64_t read_ = 0;
  std::vector<const Graph*> subgraphs_;
  // Storage of the lists handed out by Read.
  std::deque<std::vector<fl_value>> values_storage_;
  std::deque<std::vector<fl_dim>> dims_storage_;
  std::deque<std::vector<int64_t>> ints_storage_;
  std::deque<std::vector<double>> floats_storage_;
  std::deque<std::vector<uint8_t>> bools_storage_;
  std::deque<fl_graph> graph_storage_;
};

// What a value of the program is in ONNX: symbolic numbers are scalars (int64, double, bool), strides are gone.
Type OnnxType(const Type& aten);

}  // namespace fairlead
