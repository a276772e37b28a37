#include "lowering/target.hpp"

#include <algorithm>
#include <atomic>
#include <bit>

namespace fairlead {
namespace {

// Shape operators emitted by the host itself are written for this opset; none of them has a break since.
constexpr int kHostOpset = 18;

class Constants final : public onnx_room::ConstantLookup {
 public:
  Constants(const Target& target, uint32_t frame) : target_(target), frame_(frame) {}
  const Tensor* Find(ValueId value) const override { return target_.FindConstant(frame_, value); }

 private:
  const Target& target_;
  uint32_t frame_;
};

std::string KeyOf(std::string_view kind, std::string_view rest) { return fmt::format("{}:{}", kind, rest); }

std::string ContentKey(const Tensor& tensor, bool wrapped) {
  const auto bytes = tensor.bytes();
  return fmt::format("{}{}[{}]", wrapped ? "w" : "", static_cast<int>(tensor.dtype()), fmt::join(tensor.dims(), ",")) +
         std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

}  // namespace

Target::Target(int opset, std::optional<int64_t> seed)
    : opset_(opset), seed_(seed), main_(std::make_unique<Graph>("main")) {
  Frame main;
  main.graph = main_.get();
  frames_.push_back(std::move(main));
}

// ---- handles: generation 16 bits, frame 16 bits, value + 1 in 32 bits

void Target::BeginCall() {
  FL_CHECK(current_ == 0, "a call from the driver starts in the main graph");
  frames_.resize(1);
  journal_.clear();
  // Counted over the process: a handle that a plugin kept from another export is not one of this call either.
  static std::atomic<uint16_t> last = 0;
  do generation_ = ++last;
  while (generation_ == 0);
}

fl_value Target::Handle(TargetValue value) const {
  if (!value) return {0};
  return {static_cast<uint64_t>(generation_) << 48 | static_cast<uint64_t>(value.frame) << 32 |
          (value.value + uint64_t{1})};
}

Result<TargetValue> Target::Resolve(fl_value handle) const {
  if (handle.id == 0) return TargetValue{};
  const auto generation = static_cast<uint16_t>(handle.id >> 48);
  const auto frame = static_cast<uint32_t>(handle.id >> 32 & 0xffff);
  const auto value = static_cast<uint32_t>(handle.id & 0xffffffff);
  if (generation != generation_) return Error("FL2012", "a value handle is not from this call");
  if (frame >= frames_.size() || !frames_[frame].open || value == 0 || value > frames_[frame].graph->value_count())
    return Error("FL2012", "a value handle names no value of an open graph");
  return TargetValue{frame, value - 1};
}

ValueId Target::Here(TargetValue value) {
  if (!value || value.frame == current_) return value.value;
  // From the current graph outwards to the one that owns the value; then captured on the way back in.
  std::vector<uint32_t> path;
  for (uint32_t frame = current_; frame != value.frame; frame = frames_[frame].parent) {
    FL_CHECK(frame != 0, "an open graph is nested in the one that owns the value");
    path.push_back(frame);
  }
  ValueId id = value.value;
  for (auto at = path.rbegin(); at != path.rend(); ++at) {
    Frame& inner = frames_[*at];
    const auto found = inner.captured.find(id);
    if (found != inner.captured.end()) {
      id = found->second;
      continue;
    }
    const Value& outer = frames_[inner.parent].graph->value(id);
    const ValueId captured = inner.graph->AddCapture(id, outer.type, outer.name);
    inner.captured.emplace(id, captured);
    id = captured;
  }
  return id;
}

// ---- building

void Target::SetOrigin(SourceId source, std::string name) {
  source_ = source;
  origin_ = std::move(name);
}

void Target::LabelNode(Node& node) {
  // Sources are numbered by the graph a node stands in.
  node.source = current_ == 0 ? source_ : current().AddSource(main().source(source_));
  node.name = origin_.empty() ? node.op.type : origin_ + "/" + node.op.type;
}

void Target::SeedNode(Node& node) {
  if (!seed_ || node.Find("seed") || !onnx_room::HasAttribute(node.op.domain, node.op.type, opset_, "seed")) return;
  const auto seed = static_cast<double>(static_cast<float>(*seed_ + static_cast<int64_t>(draws_++)));
  node.attributes.push_back({"seed", seed});
}

// No lowering is to blame for a type of the program that few of ONNX's operators take.
Status Target::IllegalNode(const Graph& graph, const Node& node, const std::string& why) const {
  const auto type = onnx_room::FindRefusedType(graph, node, opset_);
  if (!type) return Error("FL2012", "{}", why);
  return Error("FL3004", "{}", why)
      .WithHint(type->since == 0
                    ? fmt::format("Cast around the operation in the model: {} takes {} at no opset.", node.op.type,
                                  Name(type->dtype))
                    : fmt::format("Raise --opset to {}, or cast around the operation in the model.", type->since));
}

Result<std::vector<TargetValue>> Target::Emit(Node node, std::span<const TargetValue> inputs, std::size_t outputs,
                                              int authored) {
  for (const TargetValue& input : inputs) node.inputs.push_back(Here(input));
  while (!node.inputs.empty() && node.inputs.back() == kNoValue) node.inputs.pop_back();
  LabelNode(node);
  SeedNode(node);
  Graph& graph = current();
  const bool standard = node.op.domain.empty();
  const auto mark = graph.Mark();
  const NodeId id = graph.AddNode(std::move(node), outputs);
  const auto refused = [&](Status status) {
    graph.TruncateTo(mark);
    return status;
  };
  if (standard) {
    if (const auto why = onnx_room::WhyIllegal(graph, graph.node(id), authored, opset_))
      return refused(IllegalNode(graph, graph.node(id), *why));
    auto types = onnx_room::InferTypes(graph, graph.node(id), opset_, Constants(*this, current_));
    if (!types.ok()) return refused(std::move(types).status());
    for (std::size_t i = 0; i < outputs && i < types->size(); ++i)
      graph.value(graph.node(id).outputs[i]).type = std::move((*types)[i]);
  }
  std::vector<TargetValue> values;
  for (const ValueId output : graph.node(id).outputs) {
    graph.value(output).name = graph.node(id).name;
    values.push_back({current_, output});
  }
  return values;
}

Result<TargetValue> Target::EmitOne(std::string op, std::vector<Attribute> attributes,
                                    std::initializer_list<TargetValue> inputs) {
  Node node{.op = {"", std::move(op), ""}, .attributes = std::move(attributes)};
  FL_ASSIGN_OR_RETURN(const std::vector<TargetValue> values, Emit(std::move(node), inputs, 1, kHostOpset));
  return values[0];
}

TargetValue Target::Constant(const Tensor& tensor, bool wrapped) {
  const bool small = tensor.dense_size() <= 1024;
  std::string key = small ? KeyOf("constant", ContentKey(tensor, wrapped)) : std::string();
  if (small)
    if (const TargetValue* const found = FindShared(current_, key)) return *found;
  Node node{.op = {"", "Constant", ""}, .attributes = {{"value", tensor}}};
  LabelNode(node);
  Graph& graph = current();
  const NodeId id = graph.AddNode(std::move(node), 1);
  const TargetValue value{current_, graph.node(id).outputs[0]};
  graph.value(value.value).type = tensor.type();
  graph.value(value.value).type.wrapped_number = wrapped;
  graph.value(value.value).name = graph.node(id).name;
  if (small) Share(current_, std::move(key), value);
  return value;
}

Result<fl_dim> Target::Size(TargetValue value, int64_t axis) {
  const Type type = TypeOf(value);
  if (!type.dims) return Error("FL2012", "the size of axis {} is asked of a value of unknown rank", axis);
  const int64_t rank = type.rank();
  if (axis < -rank || axis >= rank) return Error("FL2012", "axis {} is outside of rank {}", axis, rank);
  if (axis < 0) axis += rank;
  const Dim& dim = (*type.dims)[static_cast<std::size_t>(axis)];
  if (dim.IsStatic()) return fl_dim{dim.size(), {0}};
  for (uint32_t frame = current_;; frame = frames_[frame].parent) {
    const TargetValue* const found = dim.IsSymbolic() ? FindShared(frame, KeyOf("size", dim.expression())) : nullptr;
    if (found) return fl_dim{-1, Handle(*found)};
    if (frame == 0) break;
  }
  const std::string of = fmt::format("{}.{}", value.frame, value.value);
  const std::string size_key = KeyOf("axis", fmt::format("{}.{}", of, axis));
  if (const TargetValue* const found = FindShared(current_, size_key)) return fl_dim{-1, Handle(*found)};
  const std::string shape_key = KeyOf("shape", of);
  if (!FindShared(current_, shape_key)) {
    FL_ASSIGN_OR_RETURN(const TargetValue shape, EmitOne("Shape", {}, {value}));
    Share(current_, shape_key, shape);
  }
  const TargetValue index = Constant(Tensor::Scalar(DType::kInt64, axis));
  FL_ASSIGN_OR_RETURN(const TargetValue size,
                      EmitOne("Gather", {{"axis", int64_t{0}}}, {*FindShared(current_, shape_key), index}));
  graph(size.frame).value(size.value).type.expression = dim.expression();
  Share(current_, size_key, size);
  Remember(dim.expression(), size);
  return fl_dim{-1, Handle(size)};
}

Result<TargetValue> Target::Shape(std::span<const fl_dim> dims) {
  std::vector<TargetValue> pieces;
  std::vector<int64_t> run;
  const auto flush = [&] {
    if (!run.empty()) pieces.push_back(Constant(Tensor::Ints(run)));
    run.clear();
  };
  for (const fl_dim& dim : dims) {
    if (dim.symbol.id == 0) {
      run.push_back(dim.size);  // negative ones have a meaning where the list is not a shape: starts, pads, "what is left"
      continue;
    }
    flush();
    FL_ASSIGN_OR_RETURN(const TargetValue symbol, Resolve(dim.symbol));
    const std::string key = KeyOf("row", fmt::format("{}.{}", symbol.frame, symbol.value));
    if (!FindShared(current_, key)) {
      const TargetValue axes = Constant(Tensor::Ints(std::vector<int64_t>{0}));
      FL_ASSIGN_OR_RETURN(const TargetValue row, EmitOne("Unsqueeze", {}, {symbol, axes}));
      Share(current_, key, row);
    }
    pieces.push_back(*FindShared(current_, key));
  }
  if (pieces.empty() && run.empty()) return Constant(Tensor::Ints({}));
  flush();
  if (pieces.size() == 1) return pieces[0];
  Node node{.op = {"", "Concat", ""}, .attributes = {{"axis", int64_t{0}}}};
  FL_ASSIGN_OR_RETURN(const std::vector<TargetValue> joined, Emit(std::move(node), pieces, 1, kHostOpset));
  return joined[0];
}

const Tensor* Target::FindConstant(uint32_t frame, ValueId value) const {
  for (;; frame = frames_[frame].parent) {
    const Graph& graph = *frames_[frame].graph;
    const NodeId producer = graph.value(value).producer;
    if (producer != kNoNode) {
      const Node& node = graph.node(producer);
      const Attribute* const held = node.op.type == "Constant" && node.op.domain.empty() ? node.Find("value") : nullptr;
      return held ? std::get_if<Tensor>(&held->value) : nullptr;
    }
    if (frame == 0) {
      const Tensor* const tensor = graph.FindInitializer(value);
      // An initializer that is an input too may be replaced by the caller.
      return tensor && !tensor->IsAbsent() && std::ranges::find(graph.inputs(), value) == graph.inputs().end() ? tensor
                                                                                                               : nullptr;
    }
    const auto capture = std::ranges::find(graph.captures(), value, &Capture::inner);
    if (capture == graph.captures().end()) return nullptr;
    value = capture->outer;
  }
}

// ---- nested graphs

std::vector<TargetValue> Target::OpenGraph(std::span<const Type> inputs) {
  Frame frame;
  frame.owned = std::make_shared<Graph>("nested");
  frame.graph = frame.owned.get();
  frame.parent = current_;
  std::vector<TargetValue> formals;
  const auto index = static_cast<uint32_t>(frames_.size());
  for (const Type& type : inputs) formals.push_back({index, frame.graph->AddInput("in", type)});
  frames_.push_back(std::move(frame));
  current_ = index;
  return formals;
}

GraphPtr Target::CloseGraph(std::span<const TargetValue> outputs) {
  FL_CHECK(current_ != 0, "a nested graph is open");
  for (const TargetValue& output : outputs) {
    ValueId here = Here(output);
    // An output must be a value of its own, made in this graph: inputs, captures and repeated outputs pass an Identity.
    const bool made_here = current().value(here).producer != kNoNode;
    if (!made_here || std::ranges::find(current().outputs(), here) != current().outputs().end()) {
      Node node{.op = {"", "Identity", ""}, .inputs = {here}};
      LabelNode(node);
      const Type type = current().value(here).type;
      const NodeId id = current().AddNode(std::move(node), 1);
      here = current().node(id).outputs[0];
      current().value(here).type = type;
      current().value(here).name = "out";
    }
    current().AddOutput(here);
  }
  Frame& frame = frames_[current_];
  frame.open = false;
  current_ = frame.parent;
  return frame.owned;
}

std::size_t Target::depth() const {
  std::size_t depth = 0;
  for (uint32_t frame = current_; frame != 0; frame = frames_[frame].parent) ++depth;
  return depth;
}

void Target::AbandonGraphsAbove(uint32_t frame) {
  while (current_ != frame) {
    FL_CHECK(current_ != 0, "the frame to return to is around the current one");
    frames_[current_].open = false;
    current_ = frames_[current_].parent;
  }
}

// ---- transactions and sharing

Target::Mark Target::MarkAll() const { return {current_, frames_[current_].graph->Mark(), journal_.size(), draws_}; }

void Target::RollBack(const Mark& mark) {
  AbandonGraphsAbove(mark.frame);
  draws_ = mark.draws;
  for (; journal_.size() > mark.journal; journal_.pop_back())
    frames_[journal_.back().first].shared.erase(journal_.back().second);
  std::erase_if(frames_[mark.frame].captured, [&](const auto& entry) { return entry.second >= mark.graph.values; });
  current().TruncateTo(mark.graph);
}

void Target::Share(uint32_t frame, std::string key, TargetValue value) {
  journal_.emplace_back(frame, key);
  frames_[frame].shared.insert_or_assign(std::move(key), value);
}

const TargetValue* Target::FindShared(uint32_t frame, const std::string& key) const {
  const auto found = frames_[frame].shared.find(key);
  return found == frames_[frame].shared.end() ? nullptr : &found->second;
}

void Target::Remember(const std::string& expression, TargetValue value) {
  if (expression.empty()) return;
  std::string key = KeyOf("size", expression);
  if (!FindShared(value.frame, key)) Share(value.frame, std::move(key), value);
}

}  // namespace fairlead
