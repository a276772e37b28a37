#include "frontend/sample_inputs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "archive/torch_file.hpp"

namespace fairlead {
namespace {

using Kind = PickleNode::Kind;
using Leaf = std::variant<Tensor, ConstantLeaf>;

constexpr std::size_t kMaxLeaves = 100'000;

// Flattens a structure of tuples, lists and dicts, as torch.utils._pytree does.
class Flattener {
 public:
  explicit Flattener(const TorchFile& file) : file_(file) {}

  Status Add(PickleId id, int depth) {
    const PickleNode& node = file_.pickle().node(id);
    if (depth > 64 || ++visited_ > kMaxLeaves) return Error("FL1001", "they are nested too deep or too many");
    switch (node.kind) {
      case Kind::kNone: return Push(None{});
      case Kind::kBool: return Push(node.integer != 0);
      case Kind::kInt: return Push(node.integer);
      case Kind::kFloat: return Push(node.number);
      case Kind::kString: return Push(std::string(node.text));
      case Kind::kTuple:
      case Kind::kList:
        for (const PickleId item : node.items) FL_RETURN_IF_ERROR(Add(item, depth + 1));
        return Ok();
      case Kind::kDict:
        for (std::size_t i = 1; i < node.items.size(); i += 2) FL_RETURN_IF_ERROR(Add(node.items[i], depth + 1));
        return Ok();
      case Kind::kCall: return AddTensor(id, node);
      case Kind::kBytes:
      case Kind::kSet:
      case Kind::kGlobal:
      case Kind::kPersistent:
      case Kind::kBigInt: break;
    }
    return Error("FL1001", "they hold a Python object that is not read");
  }

  std::vector<Leaf> Take() { return std::move(leaves_); }

 private:
  Status Push(ConstantLeaf leaf) {
    leaves_.emplace_back(std::move(leaf));
    return Ok();
  }

  Status AddTensor(PickleId id, const PickleNode& node) {
    const PickleNode& callee = file_.pickle().node(node.callee);
    if (!file_.IsTensor(id)) return Error("FL1001", "they hold an object of {}.{}", callee.module, callee.text);
    FL_ASSIGN_OR_RETURN(Tensor tensor, file_.ReadTensor(id, "a sample input"));
    leaves_.emplace_back(std::move(tensor));
    return Ok();
  }

  const TorchFile& file_;
  std::vector<Leaf> leaves_;
  std::size_t visited_ = 0;
};

Result<std::vector<Leaf>> Flatten(Content content, bool check_crc) {
  const auto crc = check_crc ? ZipArchive::Crc::kCheck : ZipArchive::Crc::kSkip;
  FL_ASSIGN_OR_RETURN(const TorchFile file, TorchFile::Open(std::move(content), "sample inputs", crc));
  Flattener flattener(file);
  FL_RETURN_IF_ERROR(flattener.Add(file.pickle().root(), 0));
  return flattener.Take();
}

bool ComesFromTheCall(const InputSpec& spec) {
  return spec.kind == InputSpec::Kind::kUser || spec.kind == InputSpec::Kind::kConstant;
}

}  // namespace

void ReadSampleInputs(Content content, bool check_crc, ExportedProgram& program) {
  const auto note = [&](std::string why) { program.sample_input_notes.push_back(std::move(why)); };
  if (content.bytes.empty()) return note("the archive holds no sample inputs");
  auto leaves = Flatten(std::move(content), check_crc);
  if (!leaves.ok()) return note(fmt::format("the sample inputs cannot be read: {}", leaves.error().message));
  const auto expected = static_cast<std::size_t>(std::ranges::count_if(program.inputs, ComesFromTheCall));
  if (leaves->empty() && expected > 0) return note("the archive holds no sample inputs");
  if (leaves->size() != expected)
    return note(fmt::format("the archive holds {} sample inputs, the program takes {}", leaves->size(), expected));
  program.sample_inputs = *std::move(leaves);
}

}  // namespace fairlead
