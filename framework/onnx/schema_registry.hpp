// ONNX's operator schemas, each built when it is first asked for.
//
// ONNX's own registry builds all 659 schemas at once, which takes 45 ms; a model uses some thirty operators. This one keeps
// a table of the functions that make them (schema_table.inc) and calls only those it needs. It serves ONNX's checker and
// inference too, so that nothing in the process touches ONNX's own registry.
#pragma once

#include <onnx/defs/schema.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace fairlead::onnx_room {

// What one formal parameter accepts, for a fast look at a node.
struct ParameterTypes {
  uint64_t tensors = 0;    // bit d: tensor of DType d
  uint64_t sequences = 0;  // bit d: sequence of tensors of DType d
  int variable = -1;       // parameters of one schema with equal numbers must have equal types; -1: free
};

struct Schema {
  const onnx::OpSchema* definition = nullptr;
  std::vector<ParameterTypes> inputs, outputs;  // as definition->inputs() and outputs()
};

// One version of an operator that the table has, built or not.
struct SchemaVersion {
  int since = 0;
  bool deprecated = false;
};

// "" and "ai.onnx" are the same domain everywhere in this room.
bool IsOnnxDomain(std::string_view domain);

// All versions of an operator, ascending; empty when it is unknown. Builds nothing.
std::vector<SchemaVersion> VersionsOf(std::string_view domain, std::string_view op);

// The schema in force at `opset`, deprecated or not; null when there is none. Thread-safe; the answer lives as long as the
// process. Throws what ONNX throws while it builds a schema, which none of its own schemas does.
const Schema* FindSchema(std::string_view domain, std::string_view op, int opset);

// The same as ONNX's interface, for its checker and inference.
const onnx::ISchemaRegistry& LazyRegistry();

}  // namespace fairlead::onnx_room
