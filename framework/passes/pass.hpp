// A pass changes a program or a model in place; a pipeline runs passes in order and checks after each.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/diagnostics.hpp"
#include "frontend/exported_program.hpp"
#include "ir/graph.hpp"

namespace fairlead {

// What ONNX receives. Inputs and outputs have their final names; initializers keep fully qualified names.
struct Model {
  Graph graph{"main"};
  std::map<std::string, int> opset_imports;     // "" is ONNX's own domain
  std::map<std::string, std::string> metadata;  // model metadata_props
  // The file of the program that it was made of, which weights are views of; null for one that came from no file.
  std::shared_ptr<const MappedFile> program;
  // The nodes' provenance is in Node::source. Nested graphs are attributes.
};

enum class StatePolicy : uint8_t { kIo, kDrop, kError };

struct PassContext {
  Diagnostics& diagnostics;
  StatePolicy state = StatePolicy::kIo;
  int opset = 20;
  // The first of what ends the export although the passes after it can go on: it is reported, and what is found later is,
  // too. RunProgramPasses is ok all the same.
  Status refused = {};

  void Refuse(Status status) {
    if (refused.ok()) refused = std::move(status);
  }
};

// The attribute of a node that a pass has refused, so that nobody has to report it again: it keeps its operator and
// results, but no arguments.
inline constexpr std::string_view kRefused = "fairlead.refused";
inline bool IsRefused(const Node& node) { return node.Find(kRefused) != nullptr; }

// A pass has a stable name ("functionalize"), by which it is switched off (--passes -name) and named in errors.
class ProgramPass {
 public:
  virtual ~ProgramPass() = default;
  virtual std::string_view name() const = 0;
  virtual Status Run(ExportedProgram& program, PassContext& context) const = 0;
};
class ModelPass {
 public:
  virtual ~ModelPass() = default;
  virtual std::string_view name() const = 0;
  virtual Status Run(Model& model, PassContext& context) const = 0;
};

// FL9004 when one of these is no pass, or one that cannot be switched off.
Status CheckDisabledPasses(std::span<const std::string> names);

// Order matters and is fixed: see passes/README.md. Names in `disabled` are skipped, once CheckDisabledPasses agrees. After
// the program's, look at `context.refused` too.
Status RunProgramPasses(ExportedProgram& program, PassContext& context, std::span<const std::string> disabled);
Status RunModelPasses(Model& model, PassContext& context, std::span<const std::string> disabled);
std::vector<std::string_view> ProgramPassNames();
std::vector<std::string_view> ModelPassNames();

}  // namespace fairlead
