#include "lowering/call_site.hpp"

#include <algorithm>

#include "ir/text.hpp"

namespace fairlead {

Type OnnxType(const Type& aten) {
  Type type = aten;
  type.strides.clear();
  type.storage_offset = Dim(0);
  switch (aten.kind) {
    case Type::Kind::kSymInt: type = Type(DType::kInt64, Dims{}); break;
    case Type::Kind::kSymFloat: type = Type(DType::kDouble, Dims{}); break;
    case Type::Kind::kSymBool: type = Type(DType::kBool, Dims{}); break;
    case Type::Kind::kUnknown:
    case Type::Kind::kTensor:
    case Type::Kind::kSequence:
    case Type::Kind::kNone: return type;
  }
  type.expression = aten.expression;
  type.wrapped_number = true;
  return type;
}

CallSite::CallSite(const Graph& source, NodeId node, const ValueMap& values, const AtenSchema& schema)
    : source_(&source), node_(&source.node(node)), values_(&values), schema_(schema) {
  for (const ValueId output : node_->outputs)
    result_types_.push_back(output == kNoValue ? Type() : OnnxType(source.value(output).type));
}

CallSite::CallSite(const fl_aten_call& call, const AtenSchema& schema)
    : call_(&call), schema_(schema), result_types_(call.n_results) {}

TargetValue CallSite::Map(ValueRef ref) const {
  if (ref.input < 0) return {};
  return (*values_)[node_->inputs[static_cast<std::size_t>(ref.input)]];
}

namespace {

fl_arg* Set(fl_arg* out, fl_arg_kind kind) {
  out->kind = kind;
  return out;
}

template <class T> void SetList(fl_arg* out, fl_arg_kind kind, const std::vector<T>& items) {
  out->kind = kind;
  out->data = items.data();
  out->count = items.size();
}

const fl_aten_arg& ArgAt(const fl_aten_call& call, uint32_t i) {
  return *reinterpret_cast<const fl_aten_arg*>(reinterpret_cast<const char*>(call.args) +
                                               static_cast<std::size_t>(i) * call.arg_stride);
}

// Names were checked by CheckRequested.
const fl_aten_arg* FindArg(const fl_aten_call& call, std::string_view name) {
  for (uint32_t i = 0; i < call.n_args; ++i)
    if (const fl_aten_arg& arg = ArgAt(call, i); std::string_view(arg.name.data, arg.name.size) == name) return &arg;
  return nullptr;
}

// Kinds whose `data` points to `count` items.
bool IsList(fl_arg_kind kind) {
  constexpr fl_arg_kind kLists[] = {FL_ARG_VALUES, FL_ARG_I64S, FL_ARG_DIMS, FL_ARG_BOOLS,
                                    FL_ARG_F64S,   FL_ARG_STR,  FL_ARG_GRAPH};
  return std::ranges::find(kLists, kind) != std::end(kLists);
}

// Whether an argument of the schema's type can be of this form. A number where the schema has a tensor is a value already.
bool HasForm(const AtenType& type, const fl_arg& arg) {
  using Base = AtenType::Base;
  const auto is = [&](std::initializer_list<fl_arg_kind> kinds) {
    return std::ranges::find(kinds, arg.kind) != kinds.end();
  };
  if (arg.kind == FL_ARG_NONE) return type.optional || type.base == Base::kTensor || type.base == Base::kAny;
  if (type.list && arg.count == 0 && IsList(arg.kind)) return true;
  switch (type.base) {
    case Base::kTensor:
    case Base::kSymNumber: return type.list ? is({FL_ARG_VALUES}) : is({FL_ARG_VALUE, FL_ARG_DIM});
    case Base::kScalar:
      return type.list ? is({FL_ARG_I64S, FL_ARG_F64S, FL_ARG_BOOLS, FL_ARG_DIMS})
                       : is({FL_ARG_I64, FL_ARG_F64, FL_ARG_BOOL, FL_ARG_COMPLEX, FL_ARG_VALUE, FL_ARG_DIM});
    case Base::kInt:
    case Base::kSymInt: return type.list ? is({FL_ARG_I64S, FL_ARG_DIMS}) : is({FL_ARG_I64, FL_ARG_VALUE, FL_ARG_DIM});
    case Base::kBool:
    case Base::kSymBool: return type.list ? is({FL_ARG_BOOLS}) : is({FL_ARG_BOOL, FL_ARG_VALUE, FL_ARG_DIM});
    case Base::kFloat:
    case Base::kSymFloat:
      return type.list ? is({FL_ARG_F64S, FL_ARG_DIMS}) : is({FL_ARG_F64, FL_ARG_I64, FL_ARG_VALUE, FL_ARG_DIM});
    case Base::kString: return is({FL_ARG_STR});
    case Base::kScalarType: return is({FL_ARG_DTYPE});
    case Base::kComplex: return is({FL_ARG_COMPLEX, FL_ARG_F64, FL_ARG_I64});
    case Base::kSubgraph: return is({FL_ARG_GRAPH});
    case Base::kLayout:
    case Base::kDevice:
    case Base::kMemoryFormat:
    case Base::kGenerator:
    case Base::kAny: return true;
  }
  return true;
}

}  // namespace

Status CallSite::CheckRequested() const {
  constexpr uint64_t kMaximalList = uint64_t{1} << 24;
  for (uint32_t i = 0; i < call_->n_args; ++i) {
    const fl_aten_arg& arg = ArgAt(*call_, i);
    if (arg.size < sizeof(fl_aten_arg) || arg.name.data == nullptr || arg.name.size > 4096)
      return Error("FL2012", "argument {} of {} has no size or no name", i, ToString(schema_.op));
    const std::string_view name(arg.name.data, arg.name.size);
    if (std::ranges::find(schema_.parameters, name, &AtenParameter::name) == schema_.parameters.end())
      return Error("FL2012", "{} has no parameter {}", ToString(schema_.op), name);
    const fl_arg& value = arg.value;
    if (value.kind < FL_ARG_NONE || value.kind > FL_ARG_OTHER)
      return Error("FL2012", "{}: argument {} is of kind {}", ToString(schema_.op), name, value.kind);
    if (IsList(value.kind) && (value.count > kMaximalList || (value.count > 0 && value.data == nullptr)))
      return Error("FL2012", "{}: argument {} is a list of {} items at {}", ToString(schema_.op), name, value.count,
                   value.data);
  }
  return Ok();
}

Status CallSite::Read(std::string_view parameter, Target& target, fl_arg* out) {
  for (std::size_t i = 0; i < schema_.parameters.size(); ++i) {
    const AtenParameter& p = schema_.parameters[i];
    if (p.name != parameter) continue;
    if (i < 64) read_ |= uint64_t{1} << i;
    const uint32_t size = out->size;
    *out = {};
    out->size = size;
    out->is_default = IsDefault(i);
    if (call_) {
      if (const fl_aten_arg* const given = FindArg(*call_, parameter)) {
        *out = given->value;
        return Ok();
      }
    }
    const Attribute* const given = node_ ? node_->Find(parameter) : nullptr;
    if (given) return ReadGiven(p, given->value, target, out);
    if (p.default_value) return ReadAttribute(p, *p.default_value, target, out);
    if (!node_) return Error("FL2012", "{}: argument {} was not given", ToString(schema_.op), parameter);
    return Blame(Error("FL1001", "{}: argument {} is missing in the program", ToString(schema_.op), parameter));
  }
  return Error("FL2012", "{} has no parameter {}", ToString(schema_.op), parameter);
}

Status CallSite::Blame(Status fault) {
  if (program_fault_.ok()) program_fault_ = fault;
  return fault;
}

Status CallSite::ReadGiven(const AtenParameter& parameter, const AttributeValue& value, Target& target, fl_arg* out) {
  constexpr std::size_t kShown = 200;
  if (Status unreadable = ReadAttribute(parameter, value, target, out); !unreadable.ok())
    return Blame(std::move(unreadable));
  if (HasForm(parameter.type, *out)) return Ok();
  // Kept, and handed on nevertheless: the lowering may make sense of it.
  (void)Blame(Error("FL1001", "{}: {} is not what the operator takes: {}", ToString(schema_.op),
                    Describe(parameter).substr(0, kShown), schema_.text));
  return Ok();
}

// A number where the schema says Tensor: a scalar that promotes as a Python number does.
static Tensor WrappedNumber(const AttributeValue& value) {
  if (const auto* const i = std::get_if<int64_t>(&value)) return Tensor::Scalar(DType::kInt64, *i);
  if (const auto* const b = std::get_if<bool>(&value)) return Tensor::Scalar(DType::kBool, static_cast<uint8_t>(*b));
  return Tensor::Scalar(DType::kDouble, std::get<double>(value));
}

Status CallSite::ReadAttribute(const AtenParameter& parameter, const AttributeValue& value, Target& target, fl_arg* out) {
  using Base = AtenType::Base;
  const bool wants_tensor = parameter.type.base == Base::kTensor || parameter.type.base == Base::kSymNumber;
  const bool is_number = std::holds_alternative<int64_t>(value) || std::holds_alternative<double>(value) ||
                         std::holds_alternative<bool>(value);
  if (wants_tensor && !parameter.type.list && is_number) {
    out->value = target.Handle(target.Constant(WrappedNumber(value), true));
    Set(out, FL_ARG_VALUE);
    return Ok();
  }
  if (parameter.type.list) return ReadList(parameter, value, target, out);
  if (std::holds_alternative<None>(value)) {
    Set(out, FL_ARG_NONE);
  } else if (const auto* const ref = std::get_if<ValueRef>(&value)) {
    const TargetValue mapped = Map(*ref);
    const bool symbolic = !wants_tensor && mapped && target.TypeOf(mapped).dtype == DType::kInt64;
    out->value = target.Handle(mapped);
    Set(out, !mapped ? FL_ARG_NONE : symbolic ? FL_ARG_DIM : FL_ARG_VALUE);
  } else if (const auto* const i = std::get_if<int64_t>(&value)) {
    const bool is_float = parameter.type.base == Base::kFloat || parameter.type.base == Base::kSymFloat;
    Set(out, is_float ? FL_ARG_F64 : FL_ARG_I64)->i64 = *i;
    out->f64 = static_cast<double>(*i);
  } else if (const auto* const d = std::get_if<double>(&value)) {
    Set(out, FL_ARG_F64)->f64 = *d;
  } else if (const auto* const b = std::get_if<bool>(&value)) {
    Set(out, FL_ARG_BOOL)->i64 = *b;
  } else if (const auto* const s = std::get_if<std::string>(&value)) {
    Set(out, FL_ARG_STR)->data = s->data();
    out->count = s->size();
  } else if (const auto* const type = std::get_if<DType>(&value)) {
    Set(out, FL_ARG_DTYPE)->i64 = static_cast<int64_t>(*type);
  } else if (const auto* const graph = std::get_if<GraphPtr>(&value)) {
    subgraphs_.push_back(graph->get());
    graph_storage_.push_back({subgraphs_.size()});
    Set(out, FL_ARG_GRAPH)->data = &graph_storage_.back();
    out->count = 1;
  } else if (const auto* const complex = std::get_if<Complex>(&value)) {
    Set(out, FL_ARG_COMPLEX)->f64 = complex->real;
    out->f64_imag = complex->imag;
  } else if (std::holds_alternative<Device>(value) || std::holds_alternative<Layout>(value) ||
             std::holds_alternative<MemoryFormat>(value)) {
    Set(out, FL_ARG_OTHER);
  } else {
    return Error("FL2003", "{}: {} has a form that no single value can have", ToString(schema_.op), Describe(parameter));
  }
  return Ok();
}

Status CallSite::ReadList(const AtenParameter& parameter, const AttributeValue& value, Target& target, fl_arg* out) {
  if (std::holds_alternative<None>(value)) {
    Set(out, FL_ARG_NONE);
  } else if (const auto* const refs = std::get_if<ValueRefs>(&value)) {
    std::vector<fl_value>& items = values_storage_.emplace_back();
    for (const ValueRef& ref : refs->items) items.push_back(target.Handle(Map(ref)));
    SetList(out, FL_ARG_VALUES, items);
  } else if (const auto* const ints = std::get_if<std::vector<int64_t>>(&value)) {
    // HOP operands and empty Tensor[] lists are written as empty integer lists.
    if (parameter.type.base == AtenType::Base::kTensor) {
      std::vector<fl_value>& items = values_storage_.emplace_back();
      for (const int64_t i : *ints) items.push_back(target.Handle(target.Constant(Tensor::Scalar(DType::kInt64, i), true)));
      SetList(out, FL_ARG_VALUES, items);
    } else if (parameter.type.base == AtenType::Base::kFloat) {
      SetList(out, FL_ARG_F64S, floats_storage_.emplace_back(ints->begin(), ints->end()));
    } else if (parameter.type.base == AtenType::Base::kBool) {
      SetList(out, FL_ARG_BOOLS, bools_storage_.emplace_back(ints->begin(), ints->end()));
    } else {
      SetList(out, FL_ARG_I64S, *ints);
    }
  } else if (const auto* const floats = std::get_if<std::vector<double>>(&value)) {
    SetList(out, FL_ARG_F64S, *floats);
  } else if (const auto* const bools = std::get_if<std::vector<bool>>(&value)) {
    SetList(out, FL_ARG_BOOLS, bools_storage_.emplace_back(bools->begin(), bools->end()));
  } else if (const auto* const sizes = std::get_if<SymInts>(&value)) {
    std::vector<fl_dim>& items = dims_storage_.emplace_back();
    for (const auto& item : sizes->items) {
      if (const auto* const i = std::get_if<int64_t>(&item)) {
        items.push_back({*i, {0}});
      } else {
        items.push_back({-1, target.Handle(Map(std::get<ValueRef>(item)))});
      }
    }
    SetList(out, FL_ARG_DIMS, items);
  } else if (const auto* const one = std::get_if<int64_t>(&value)) {  // "int[2] stride=1" given as a number
    const auto count = static_cast<std::size_t>(std::max<int64_t>(parameter.type.list_size, 1));
    SetList(out, FL_ARG_I64S, ints_storage_.emplace_back(count, *one));
  } else {
    return Error("FL2003", "{}: {} has a form that no list can have", ToString(schema_.op), Describe(parameter));
  }
  return Ok();
}

bool CallSite::IsDefault(std::size_t parameter) const {
  const AtenParameter& p = schema_.parameters[parameter];
  if (call_) return FindArg(*call_, p.name) == nullptr;
  const Attribute* const given = node_->Find(p.name);
  if (!given) return true;
  if (!p.default_value) return false;
  if (given->value.index() == p.default_value->index()) {
    return std::visit(
        [&](const auto& value) {
          using T = std::decay_t<decltype(value)>;
          // Schemas have no tensors or graphs as defaults.
          if constexpr (std::is_same_v<T, Tensor> || std::is_same_v<T, std::vector<Tensor>> ||
                        std::is_same_v<T, GraphPtr> || std::is_same_v<T, std::vector<GraphPtr>>) {
            return false;
          } else {
            return value == std::get<T>(*p.default_value);
          }
        },
        given->value);
  }
  return false;
}

const AtenParameter* CallSite::FirstUnread(uint64_t excused) const {
  for (std::size_t i = 0; i < schema_.parameters.size() && i < 64; ++i)
    if (((read_ | excused) >> i & 1) == 0 && !IsDefault(i)) return &schema_.parameters[i];
  return nullptr;
}

const AtenParameter* CallSite::FirstGiven(uint64_t mask) const {
  for (std::size_t i = 0; i < schema_.parameters.size() && i < 64; ++i)
    if ((mask >> i & 1) != 0 && !IsDefault(i)) return &schema_.parameters[i];
  return nullptr;
}

std::string CallSite::Describe(const AtenParameter& parameter) const {
  const Attribute* const given = node_ ? node_->Find(parameter.name) : nullptr;
  if (!given) return parameter.name;
  // PrintNode shows all arguments; one is cut out of a node that has only this one and the inputs that it refers to.
  Graph scratch = Graph("scratch");
  Node alone{.op = {"aten", "x", "default"}, .attributes = {*given}};
  const auto take = [&](ValueRef& ref) {
    if (ref.input < 0) return;
    const ValueId input = node_->inputs[static_cast<std::size_t>(ref.input)];
    alone.inputs.push_back(scratch.AddInput(input == kNoValue ? "none" : source_->value(input).name, {}));
    ref.input = static_cast<int32_t>(alone.inputs.size() - 1);
  };
  AttributeValue& value = alone.attributes[0].value;
  if (auto* const ref = std::get_if<ValueRef>(&value)) take(*ref);
  if (auto* const refs = std::get_if<ValueRefs>(&value))
    for (ValueRef& ref : refs->items) take(ref);
  if (auto* const sizes = std::get_if<SymInts>(&value))
    for (auto& item : sizes->items)
      if (auto* const ref = std::get_if<ValueRef>(&item)) take(*ref);
  const std::string text = PrintNode(scratch, scratch.AddNode(std::move(alone), 0), {.types = false});
  const std::size_t open = text.find('('), close = text.rfind(')');
  return open == text.npos || close == text.npos || close <= open ? parameter.name
                                                                  : text.substr(open + 1, close - open - 1);
}

const Graph* CallSite::FindSubgraph(fl_graph handle) const {
  return handle.id == 0 || handle.id > subgraphs_.size() ? nullptr : subgraphs_[handle.id - 1];
}

}  // namespace fairlead
