// What the generated ONNX methods stand on: nodes go to the host one by one, and the first error is kept.
//
// The emitter never throws for a failed node. A call that fails returns invalid values, a call that is given one does
// nothing, and the host learns of the first error when the lowering has returned. Only what has no invalid form (sizes of
// an unknown number of dimensions, a list of results, an axis) ends the lowering at once: see Stop.
//
// An operator whose schema at the target lacks the type of an input (Celu and bfloat16, MatMul and int8) is computed in the
// nearest wider type that holds every value of it, and its outputs of that type are cast back.
#pragma once

#include <algorithm>
#include <bit>
#include <exception>
#include <string>
#include <vector>

#include <fairlead/sdk/abi/p_lowering.h>
#include <fairlead/sdk/onnx_types.hpp>
#include <fairlead/sdk/value.hpp>

namespace fairlead {
inline namespace sdk_v1 {

// An attribute without a default: leaving it out of the braces does not compile.
template <class T> struct Required {
  template <class From>
    requires std::convertible_to<From, T>
  constexpr Required(From from) : value(from) {}

  T value;
};

// The inputs of a node in ONNX's order; absent ones are skipped inputs.
class Inputs {
 public:
  Inputs(std::initializer_list<Value> values) { AppendValues(values); }
  Inputs(std::span<const Value> values) { AppendValues(values); }
  Inputs(const std::vector<Value>& values) { AppendValues(values); }
  Inputs(Values values) : handles_(values.handles().begin(), values.handles().end()) {}

  std::span<const fl_value> handles() const { return handles_; }
  std::span<fl_value> handles() { return handles_; }
  void Append(const Inputs& more) { handles_.insert(handles_.end(), more.handles_.begin(), more.handles_.end()); }

 private:
  void AppendValues(std::span<const Value> values) {
    handles_.reserve(values.size());
    for (const Value& value : values) handles_.push_back(value.handle());
  }

  std::vector<fl_value> handles_;
};

// One attribute of a node. With a default, or from something optional, it may be unset, which means: not written.
class Attribute : public fl_attr {
 public:
  Attribute(std::string_view name, int64_t v) : Attribute(FL_ATTR_INT, name) { i = v; }
  Attribute(std::string_view name, double v) : Attribute(FL_ATTR_FLOAT, name) { f = v; }
  Attribute(std::string_view name, std::string_view v) : Attribute(FL_ATTR_STRING, name, v.data(), v.size()) {}
  Attribute(std::string_view name, const Ints& v) : Attribute(FL_ATTR_INTS, name, v) {}
  Attribute(std::string_view name, const Floats& v) : Attribute(FL_ATTR_FLOATS, name, v) {}
  Attribute(std::string_view name, const Strings& v) : Attribute(FL_ATTR_STRINGS, name, v) {}
  Attribute(std::string_view name, const fl_graph& v) : Attribute(FL_ATTR_GRAPH, name, &v, 1) {}
  Attribute(std::string_view name, const fl_constant* v) : Attribute(v ? FL_ATTR_TENSOR : FL_ATTR_UNSET, name, v, 1) {}

  template <class T> Attribute(std::string_view name, const Required<T>& v) : Attribute(name, v.value) {}
  template <class T> Attribute(std::string_view name, const std::optional<T>& v) : Attribute(FL_ATTR_UNSET, name) {
    if (v) *this = Attribute(name, *v);
  }
  template <class T>
  Attribute(std::string_view name, const T& v, std::type_identity_t<T> schema_default) : Attribute(name, v) {
    if (v == schema_default) kind = FL_ATTR_UNSET;
  }

 private:
  Attribute(fl_attr_kind kind, std::string_view name, const void* data = nullptr, std::size_t count = 0)
      : fl_attr{sizeof(fl_attr), kind, ToAbi(name), 0, 0, data, count} {}
  template <class T>
  Attribute(fl_attr_kind kind, std::string_view name, const ListView<T>& v)
      : Attribute(v.given() ? kind : FL_ATTR_UNSET, name, v.data(), v.size()) {}
};

// What Emitter::Stop throws. It is seen only where no error is kept: the lowering asked an absent value.
struct Stopped : std::exception {
  const char* what() const noexcept override { return "the sizes of an absent value were asked for"; }
};

class Emitter {
 public:
  explicit Emitter(const fl_call& call) : call_(call) {}
  Emitter(const Emitter&) = delete;
  Emitter& operator=(const Emitter&) = delete;

  fl_status status() const { return status_; }

  // Keeps `status` and tells the host, unless an error is kept already.
  void Fail(fl_status status, std::string_view message) const {
    if (status_ == FL_OK) status_ = call_.core->fail(call_.ctx, status, ToAbi(message));
  }

  // Ends the lowering, whose status is that of the error kept. For what has no invalid form to go on with: code that
  // follows would reach past the end of an empty list.
  [[noreturn]] static void Stop() { throw Stopped(); }
  // Stop, if an error is kept.
  void StopIfFailed() const {
    if (status_ != FL_OK) Stop();
  }

  // A finding about the user's model at this node, after the operator's name; the lowering goes on. `rule` is the host's or
  // declared by the plugin. Found again when the node is lowered by another row: report what holds, then emit.
  void Warn(std::string_view rule, std::string_view message) const;

  // The target opset.
  int opset() const;

  // An operator of any domain, as it is given. Unless the call succeeds every output is invalid.
  void Emit(std::string_view domain, std::string_view op, const Inputs& inputs, std::span<const Attribute> attributes,
            std::span<Value> outputs);
  // An operator of ONNX's own domain, in a wider type where it lacks that of its inputs.
  void EmitWidened(std::string_view op, const Inputs& inputs, std::span<const Attribute> attributes,
                   std::span<Value> outputs);

 protected:
  friend class Value;
  friend class Scalar;
  using Attributes = std::initializer_list<Attribute>;

  Value One(std::string_view op, const Inputs& inputs, Attributes attributes) {
    Value output;
    EmitWidened(op, inputs, attributes, {&output, 1});
    return output;
  }

  std::vector<Value> Some(std::string_view op, const Inputs& inputs, Attributes attributes, std::size_t count) {
    std::vector<Value> outputs(count);
    EmitWidened(op, inputs, attributes, outputs);
    return outputs;
  }

  // `Outputs` is an aggregate of values; those after the first `count` stay absent.
  template <class Outputs>
  Outputs Many(std::string_view op, const Inputs& inputs, Attributes attributes, std::size_t count) {
    std::array<Value, sizeof(Outputs) / sizeof(Value)> outputs;
    EmitWidened(op, inputs, attributes, std::span(outputs).first(count));
    return std::bit_cast<Outputs>(outputs);
  }

  static Inputs Joined(Inputs first, const Inputs& rest) {
    first.Append(rest);
    return first;
  }

  Value Invalid() const { return Value(this, {FL_INVALID_ID}); }

  // True when `status` is FL_OK; otherwise the host's message is kept, with `subject` before it.
  bool Succeeded(fl_status status, std::string_view subject) const;

  const fl_call& call_;

 private:
  fl_type TypeOf(fl_value value) const;
  fl_value Converted(fl_value value, DType to);

  mutable fl_status status_ = FL_OK;
  mutable int opset_ = 0;  // 0: not asked yet
};

// -------------------------------------------------------------------------------------------------------------------
// details

inline bool Emitter::Succeeded(fl_status status, std::string_view subject) const {
  if (status == FL_OK) return true;
  if (status_ != FL_OK) return false;
  std::string message(subject);
  fl_str reason = {nullptr, 0};
  if (call_.core->last_error(call_.ctx, &reason) == FL_OK && reason.size > 0) (message += ": ") += FromAbi(reason);
  Fail(status, message);
  return false;
}

inline void Emitter::Warn(std::string_view rule, std::string_view message) const {
  fl_str schema = {nullptr, 0};
  if (status_ != FL_OK || !Succeeded(call_.aten->schema(call_.ctx, call_.node, &schema), "schema")) return;
  const std::string_view text = schema.data ? FromAbi(schema) : std::string_view();
  std::string said(text.substr(0, text.find('(')));
  (said += ": ") += message;
  Succeeded(call_.core->report(call_.ctx, FL_LEVEL_WARNING, ToAbi(rule), ToAbi(said)), "report");
}

inline int Emitter::opset() const {
  uint32_t out = 0;
  if (opset_ == 0 && Succeeded(call_.build->opset(call_.ctx, &out), "opset")) opset_ = static_cast<int>(out);
  return opset_;
}

inline void Emitter::Emit(std::string_view domain, std::string_view op, const Inputs& inputs,
                          std::span<const Attribute> attributes, std::span<Value> outputs) {
  for (Value& output : outputs) output = Invalid();
  if (status_ != FL_OK) return;
  for (const fl_value input : inputs.handles())
    if (input.id == FL_INVALID_ID) return Fail(FL_INTERNAL, std::string(op) += ": an input is invalid");
  const fl_emit node = {sizeof(fl_emit),         0,
                        ToAbi(domain),           ToAbi(op),
                        inputs.handles().data(), inputs.handles().size(),
                        attributes.data(),       static_cast<uint32_t>(attributes.size()),
                        sizeof(Attribute),       outputs.size()};
  std::vector<fl_value> handles(outputs.size());
  if (!Succeeded(call_.build->emit(call_.ctx, &node, handles.data()), op)) return;
  for (std::size_t i = 0; i < outputs.size(); ++i) outputs[i] = Value(this, handles[i]);
}

namespace emitter_detail {

// The nearest type in `accepted` that holds every value of `type`; kUndefined when there is none. Integers become floats
// only where the operator knows integers.
constexpr DType WiderType(DType type, uint32_t accepted) {
  constexpr DType kIntegers[] = {DType::kInt16, DType::kUint16, DType::kInt32, DType::kUint32, DType::kInt64};
  constexpr DType kFloats[] = {DType::kFloat, DType::kDouble};
  const auto takes = [&](DType t) { return (accepted >> static_cast<int>(t) & 1) != 0; };
  const bool integer = IsInteger(type);
  if (integer)
    for (const DType wide : kIntegers)
      if (takes(wide) && BitWidth(wide) > BitWidth(type) && (IsSigned(wide) || !IsSigned(type))) return wide;
  const bool knows_integers = takes(DType::kInt8) || takes(DType::kInt64);
  if (integer && knows_integers && BitWidth(type) <= 32 && takes(DType::kDouble)) return DType::kDouble;
  if (IsFloat(type))
    for (const DType wide : kFloats)
      if (takes(wide) && BitWidth(wide) > BitWidth(type)) return wide;
  return DType::kUndefined;
}

// The rows of an operator, all opsets.
constexpr std::span<const TypeVariable> TypeVariablesOf(std::string_view op) {
  const TypeVariable* const end = std::end(kTypeVariables);
  const TypeVariable* const first = std::lower_bound(
      std::begin(kTypeVariables), end, op, [](const TypeVariable& row, std::string_view name) { return row.op < name; });
  const TypeVariable* last = first;
  while (last != end && last->op == op) ++last;
  return {first, last};
}

constexpr bool Has(uint16_t positions, std::size_t i) { return (positions >> std::min<std::size_t>(i, 15) & 1) != 0; }

}  // namespace emitter_detail

inline fl_value Emitter::Converted(fl_value value, DType to) {
  const Attribute attributes[] = {{"to", static_cast<int64_t>(to)}};
  Value output;
  Emit("", "Cast", {Value(this, value)}, attributes, {&output, 1});
  return output.handle();
}

inline void Emitter::EmitWidened(std::string_view op, const Inputs& inputs, std::span<const Attribute> attributes,
                                 std::span<Value> outputs) {
  using namespace emitter_detail;
  Inputs given = inputs;
  std::vector<DType> back(outputs.size(), DType::kUndefined);
  for (const TypeVariable& row : TypeVariablesOf(op)) {
    if (opset() < row.since || opset() > row.until) continue;
    DType type = DType::kUndefined, wide = DType::kUndefined;
    for (std::size_t i = 0; i < given.handles().size(); ++i) {
      fl_value& input = given.handles()[i];
      if (!Has(row.inputs, i) || input.id == 0) continue;
      if (type == DType::kUndefined) {
        type = static_cast<DType>(TypeOf(input).dtype);
        const bool accepted = type == DType::kUndefined || (row.accepted >> static_cast<int>(type) & 1) != 0;
        wide = accepted ? DType::kUndefined : WiderType(type, row.accepted);
        if (wide == DType::kUndefined) break;
      }
      input = Converted(input, wide);
    }
    for (std::size_t i = 0; wide != DType::kUndefined && i < outputs.size(); ++i)
      if (Has(row.outputs, i)) back[i] = type;
  }
  Emit("", op, given, attributes, outputs);
  for (std::size_t i = 0; i < outputs.size(); ++i)
    if (back[i] != DType::kUndefined && !outputs[i].IsInvalid())
      outputs[i] = Value(this, Converted(outputs[i].handle(), back[i]));
}

inline fl_type Emitter::TypeOf(fl_value value) const {
  fl_type type = {sizeof(fl_type), 0, -1, 0, 0};
  if (value.id != 0 && value.id != FL_INVALID_ID) Succeeded(call_.build->type(call_.ctx, value, &type), "type of a value");
  return type;
}

inline DType Value::dtype() const {
  return emitter_ ? static_cast<DType>(emitter_->TypeOf(handle_).dtype) : DType::kUndefined;
}
inline int Value::rank() const { return emitter_ ? static_cast<int>(emitter_->TypeOf(handle_).rank) : -1; }
inline bool Value::is_wrapped() const { return emitter_ && emitter_->TypeOf(handle_).wrapped != 0; }

inline Dim Value::dim(int64_t axis) const {
  fl_dim out = {-1, {FL_INVALID_ID}};
  if (!emitter_ || !*this || IsInvalid()) return Dim(Value(emitter_, out.symbol));
  const fl_call& call = emitter_->call_;
  if (!emitter_->Succeeded(call.build->dim(call.ctx, handle_, axis, &out), "size of a value"))
    return Dim(Value(emitter_, {FL_INVALID_ID}));
  return out.symbol.id == 0 ? Dim(out.size) : Dim(Value(emitter_, out.symbol));
}

inline std::optional<int64_t> Value::static_dim(int64_t axis) const {
  const int64_t known_rank = rank();
  const int64_t at = axis < 0 ? axis + known_rank : axis;
  if (at < 0 || at >= known_rank) return std::nullopt;
  std::vector<fl_dim> dims(static_cast<std::size_t>(known_rank));
  const fl_call& call = emitter_->call_;
  uint64_t total = 0;
  if (!emitter_->Succeeded(call.build->dims(call.ctx, handle_, dims.data(), dims.size(), &total), "sizes of a value"))
    return std::nullopt;
  const fl_dim& dim = dims[static_cast<std::size_t>(at)];
  if (dim.symbol.id != 0 || dim.size < 0) return std::nullopt;
  return dim.size;
}

inline Dims Value::dims() const {
  Dims out;
  const int known_rank = rank();
  if (known_rank < 0) {
    if (emitter_) emitter_->Fail(FL_UNIMPLEMENTED, "the number of dimensions of a value is not known");
    Emitter::Stop();
  }
  for (int axis = 0; axis < known_rank; ++axis) out.push_back(dim(axis));
  return out;
}

inline void Scalar::RefuseSymbol() const {
  if (symbol_ && symbol_.emitter_)
    symbol_.emitter_->Fail(FL_UNIMPLEMENTED, "a number known only at run time is not lowered here");
}

}  // namespace sdk_v1
}  // namespace fairlead
