// A closed reader of Python pickles: it builds a description of what the pickle would make and runs nothing.
//
//   FL_ASSIGN_OR_RETURN(const Pickle pickle, Pickle::Parse(bytes, "data.pkl"));
//   const PickleNode& root = pickle.node(pickle.root());
//   root.kind == PickleNode::Kind::kDict;
//
// A global ("torch._utils _rebuild_tensor_v2") is two words, a call is the callable's node and its arguments. Who reads the
// description decides which globals it knows (archive/torch_save.hpp). Nodes may be shared and, in a hostile pickle,
// circular: walk them with a bound.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"

namespace fairlead {

using PickleId = uint32_t;
inline constexpr PickleId kNoPickle = UINT32_MAX;

struct PickleNode {
  enum class Kind : uint8_t {
    kNone,
    kBool,        // integer
    kInt,         // integer
    kFloat,       // number
    kString,      // text
    kBytes,       // text
    kTuple,       // items
    kList,        // items
    kSet,         // items
    kDict,        // items: key, value, key, value …; an OrderedDict too
    kGlobal,      // module, text
    kPersistent,  // items: the one id
    kCall,        // callee, items: the tuple of arguments
    kBigInt,      // an integer beyond 64 bits, whose value is not kept
  };
  Kind kind = Kind::kNone;
  PickleId callee = kNoPickle;
  int64_t integer = 0;
  double number = 0;
  std::string_view text = {};    // of a global: its name
  std::string_view module = {};  // of a global
  std::vector<PickleId> items = {};
};

class Pickle {
 public:
  static constexpr std::size_t kMaxNodes = 8'000'000;

  // Protocols 0 to 5 as far as torch.save uses them: FL1001 with `name`, opcode and offset for any other opcode, and
  // for a pickle that is cut off or misuses its stack. Texts are views into `bytes`, which must outlive the Pickle.
  static Result<Pickle> Parse(std::span<const std::byte> bytes, std::string_view name);

  PickleId root() const { return root_; }
  const PickleNode& node(PickleId id) const { return nodes_[id]; }
  bool IsGlobal(PickleId id, std::string_view module, std::string_view name) const;
  // The arguments of a kCall node.
  const std::vector<PickleId>& arguments(const PickleNode& call) const { return nodes_[call.items[0]].items; }

 private:
  friend class PickleMachine;
  std::vector<PickleNode> nodes_;
  PickleId root_ = kNoPickle;
};

}  // namespace fairlead
