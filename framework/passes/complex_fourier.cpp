#include "passes/complex_fourier.hpp"

#include <algorithm>
#include <cmath>

#include "passes/complex_rules.hpp"

namespace fairlead {
namespace {

Dim DimOf(const Size& size) {
  const auto* number = std::get_if<int64_t>(&size);
  return number != nullptr ? Dim(*number) : Dim();
}

Type WithSize(Type type, int64_t dim, const Dim& size) {
  if (type.dims) (*type.dims)[static_cast<std::size_t>(dim)] = size;
  return type;
}

int64_t Compute(std::string_view op, int64_t x, int64_t y) {
  if (op == "sub") return x - y;
  if (op == "add") return x + y;
  if (op == "mul") return x * y;
  return x >= 0 ? x / y : -((y - 1 - x) / y);
}

}  // namespace

// ---- sizes ----

bool FourierTransform::HasSizes(ValueId value) const {
  const Type& type = math_.TypeOf(value);
  return type.IsTensor() && type.dims && std::ranges::all_of(*type.dims, [](const Dim& dim) {
           return !dim.IsStatic() || (dim.size() >= 0 && dim.size() <= kLongest);
         });
}

Size FourierTransform::Computed(std::string_view op, const Size& x, int64_t y) {
  if (const auto* number = std::get_if<int64_t>(&x)) return Compute(op, *number, y);
  Node node{.op = {"python", std::string(op), "default"}};
  GiveValue(node, "a", std::get<ValueId>(x));
  node.Set("b", y);
  return math_.Emit(std::move(node), SymIntType());
}

Size FourierTransform::Minus(const Size& x, const Size& y) {
  if (const auto* number = std::get_if<int64_t>(&y)) return Minus(x, *number);
  Node node{.op = {"python", "sub", "default"}};
  if (const auto* number = std::get_if<int64_t>(&x))
    node.Set("a", *number);
  else
    GiveValue(node, "a", std::get<ValueId>(x));
  GiveValue(node, "b", std::get<ValueId>(y));
  return math_.Emit(std::move(node), SymIntType());
}

Size FourierTransform::SizeOf(ValueId value, int64_t dim) {
  const Type& type = math_.TypeOf(value);
  const Dim& size = (*type.dims)[static_cast<std::size_t>(dim)];
  if (size.IsStatic()) return size.size();
  Node node = math_.Call("sym_size", value, "int");
  node.Set("dim", dim);
  return math_.Emit(std::move(node), SymIntType(size.expression()));
}

ValueId FourierTransform::Slice(ValueId x, int64_t dim, const Size& start, const Size& end) {
  Node node = math_.Call("slice", x, "Tensor");
  node.Set("dim", dim);
  const auto give = [&](std::string_view name, const Size& size) {
    if (const auto* number = std::get_if<int64_t>(&size))
      node.Set(name, *number);
    else
      GiveValue(node, name, std::get<ValueId>(size));
  };
  give("start", start);
  give("end", end);
  const auto *from = std::get_if<int64_t>(&start), *to = std::get_if<int64_t>(&end);
  const bool known = from != nullptr && to != nullptr && *from >= 0 && *to >= *from;
  Dim size = known ? Dim(*to - *from) : Dim();
  const Type& type = math_.TypeOf(x);
  if (const Dim& whole = (*type.dims)[static_cast<std::size_t>(dim)]; known && whole.IsStatic())
    size = Dim(std::max<int64_t>(0, std::min(*to, whole.size()) - *from));
  else if (known && !whole.IsStatic())
    size = Dim();
  return math_.Emit(std::move(node), WithSize(Type(type.dtype, type.dims), dim, size));
}

// A negative number of zeros takes elements away.
Parts FourierTransform::Resized(Parts x, int64_t dim, const Size& size) {
  const Size now = SizeOf(x.real, dim);
  if (now == size) return x;
  const Size missing = Minus(size, now);
  const auto resized = [&](ValueId part) {
    Node node = math_.Call("constant_pad_nd", part);
    std::vector<Size> pad(static_cast<std::size_t>(2 * (RankOf(x) - dim)), int64_t{0});
    pad.back() = missing;
    GiveSizes(node, "pad", pad);
    const Type& type = math_.TypeOf(part);
    return math_.Emit(std::move(node), WithSize(Type(type.dtype, type.dims), dim, DimOf(size)));
  };
  return {resized(x.real), x.IsReal() ? kNoValue : resized(x.imag)};
}

ValueId FourierTransform::Flipped(ValueId x, int64_t dim) {
  Node node = math_.Call("flip", x);
  node.Set("dims", std::vector<int64_t>{dim});
  return math_.Emit(std::move(node), Type(math_.TypeOf(x).dtype, math_.TypeOf(x).dims));
}

// ---- transforms ----

ValueId FourierTransform::PairOfTransformed(Parts x, int64_t dim, bool inverse, bool onesided) {
  const ValueId in = x.IsReal() && !inverse ? math_.Unsqueeze(x.real, -1) : parts_.PairOf(x);
  Node node{.op = {"fairlead", "dft", "default"}};
  GiveValue(node, "self", in);
  node.Set("dim", dim);
  node.Set("inverse", inverse);
  node.Set("onesided", onesided);
  Type type(math_.TypeOf(in).dtype, math_.TypeOf(in).dims);
  type.dims->back() = Dim(2);
  if (onesided) type = WithSize(type, dim, DimOf(Plus(Halved(SizeOf(x.real, dim)), 1)));
  return math_.Emit(std::move(node), std::move(type));
}

Parts FourierTransform::Transformed(Parts x, int64_t dim, bool inverse, bool onesided) {
  return parts_.Split(PairOfTransformed(x, dim, inverse, onesided));
}

// A forward transform gives sums; an inverse one has divided them by n already.
Parts FourierTransform::Scaled(Parts x, const std::vector<Size>& sizes, bool inverse, Factor factor) {
  const double exponent = (inverse ? 1.0 : 0.0) - (factor == Factor::kN ? 1.0 : factor == Factor::kRootN ? 0.5 : 0.0);
  if (exponent == 0) return x;
  const DType dtype = math_.TypeOf(x.real).dtype;
  double number = 1;
  ValueId symbolic = kNoValue;
  for (const Size& size : sizes) {
    if (const auto* known = std::get_if<int64_t>(&size)) {
      number *= static_cast<double>(*known);
    } else {
      const ValueId length = math_.Number(std::get<ValueId>(size), dtype);
      symbolic = symbolic == kNoValue ? length : math_.Binary("mul", symbolic, length);
    }
  }
  const auto scaled = [&](ValueId part) {
    if (part != kNoValue && symbolic != kNoValue) {
      Node power = math_.Call("pow", symbolic, "Tensor_Scalar");
      power.Set("exponent", exponent);
      part = math_.Binary("mul", part, math_.Emit(std::move(power), Type(dtype, Dims())));
    }
    return part == kNoValue || number == 1 ? part : math_.Binary("mul", part, std::pow(number, exponent));
  };
  return {scaled(x.real), scaled(x.imag)};
}

Parts FourierTransform::Full(Parts x, const std::vector<int64_t>& dims, bool inverse, Factor factor) {
  std::vector<Size> sizes;
  for (const int64_t dim : dims) {
    sizes.push_back(SizeOf(x.real, dim));
    x = Transformed(x, dim, inverse, false);
  }
  return Scaled(x, sizes, inverse, factor);
}

Parts FourierTransform::OfReal(ValueId x, const std::vector<int64_t>& dims, bool onesided, Factor factor) {
  std::vector<Size> sizes;
  for (const int64_t dim : dims) sizes.push_back(SizeOf(x, dim));
  Parts out = Transformed({x}, dims.back(), false, onesided);
  for (std::size_t i = 0; i + 1 < dims.size(); ++i) out = Transformed(out, dims[i], false, false);
  return Scaled(out, sizes, false, factor);
}

// The other half of the spectrum of real numbers is the conjugate of the first, backwards.
ValueId FourierTransform::ToReal(Parts x, const std::vector<int64_t>& dims, Size length, Factor factor) {
  std::vector<Size> sizes = {length};
  for (std::size_t i = 0; i + 1 < dims.size(); ++i) {
    sizes.push_back(SizeOf(x.real, dims[i]));
    x = Transformed(x, dims[i], true, false);
  }
  const int64_t last = dims.back();
  x = Resized(x, last, Plus(Halved(length), 1));
  const Size end = Halved(Plus(length, 1));
  const auto whole = [&](ValueId part, bool negated) {
    ValueId rest = Flipped(Slice(part, last, int64_t{1}, end), last);
    if (negated) rest = math_.Unary("neg", rest);
    Node node{.op = AtenOp("cat")};
    GiveValues(node, "tensors", {part, rest});
    node.Set("dim", last);
    const Type& type = math_.TypeOf(part);
    return math_.Emit(std::move(node), WithSize(Type(type.dtype, type.dims), last, DimOf(length)));
  };
  const Parts spectrum = {whole(x.real, false), whole(parts_.Imag(x), true)};
  const ValueId signal = math_.Select(PairOfTransformed(spectrum, last, true, false), -1, 0);
  return Scaled({signal}, sizes, true, factor).real;
}

// ---- torch.fft ----

namespace {

using Factor = FourierTransform::Factor;

// What torch's `norm` means for a transform in one direction.
std::optional<Factor> FactorOf(std::string_view norm, bool inverse) {
  if (norm == "ortho") return Factor::kRootN;
  if (norm == "backward") return inverse ? Factor::kN : Factor::kNone;
  if (norm == "forward") return inverse ? Factor::kNone : Factor::kN;
  return std::nullopt;
}

std::string_view NormOf(const Node& node) {
  const Attribute* const given = node.Find("norm");
  const auto* text = given ? std::get_if<std::string>(&given->value) : nullptr;
  return text == nullptr ? "backward" : std::string_view(*text);
}

// "fft", "ifft", "rfft", "irfft", "hfft" or "ihfft", of "fft_irfft2" and the like.
std::string_view KindOf(std::string_view type) {
  type.remove_prefix(std::string_view("fft_").size());
  return type.substr(0, type.find("fft") + 3);
}

}  // namespace

ComplexRules::Rule ComplexRules::FindFourier(std::string_view type) {
  if (type == "stft") return &ComplexRules::ShortTimeFourier;
  if (type == "istft") return &ComplexRules::InverseShortTimeFourier;
  if (type == "_fft_r2c" || type == "_fft_c2c" || type == "_fft_c2r") return &ComplexRules::FourierOfCore;
  static constexpr auto kTypes =
      std::to_array<std::string_view>({"fft_fft", "fft_fft2", "fft_fftn", "fft_hfft", "fft_hfft2", "fft_hfftn", "fft_ifft",
                                       "fft_ifft2", "fft_ifftn", "fft_ihfft", "fft_ihfft2", "fft_ihfftn", "fft_irfft",
                                       "fft_irfft2", "fft_irfftn", "fft_rfft", "fft_rfft2", "fft_rfftn"});
  return std::ranges::binary_search(kTypes, type) ? &ComplexRules::Fourier : nullptr;
}

namespace {

// The dims of a transform, counted from the front; none given: the last ones that `sizes` are for, or all.
std::optional<std::vector<int64_t>> DimsOf(const Node& node, int64_t rank, std::size_t sizes) {
  std::optional<std::vector<int64_t>> dims = IntsArgument(node, "dim");
  if (!dims) {
    const auto count = sizes > 0 ? static_cast<int64_t>(sizes) : rank;
    dims.emplace();
    for (int64_t dim = rank - count; dim < rank; ++dim) dims->push_back(dim);
  }
  for (int64_t& dim : *dims) {
    if (dim < -rank || dim >= rank) return std::nullopt;
    if (dim < 0) dim += rank;
  }
  return dims;
}

// The lengths asked for: `n`, or the list `s`. -1 in a list: as it is.
std::vector<Size> LengthsOf(const Node& node) {
  if (const ValueId symbol = node.Argument("n"); symbol != kNoValue) return {symbol};
  if (const std::optional<int64_t> n = IntArgument(node, "n")) return {*n};
  return SizesArgument(node, "s").value_or(std::vector<Size>());
}

// None, or one for each dim.
bool AreValid(const std::vector<Size>& lengths, const std::vector<int64_t>& dims) {
  return std::ranges::all_of(lengths, [&](const Size& length) {
    const auto* number = std::get_if<int64_t>(&length);
    const bool in_range = number == nullptr || *number == -1 || (*number > 0 && *number <= FourierTransform::kLongest);
    return in_range && lengths.size() == dims.size();
  });
}

std::optional<Size> GivenLength(const Size& length) {
  return length == Size(int64_t{-1}) ? std::nullopt : std::optional(length);
}

constexpr std::string_view kNoSizes = "the rank of self, its sizes and the dims must be known and in range";

}  // namespace

Status ComplexRules::Fourier(const Node& node) {
  FourierTransform transform(math_, parts_);
  const Type& result = math_.TypeOf(node.outputs[0]);
  Parts x = parts_.PartsOf(node.Argument("self"), parts_.IsComplex(node.outputs[0]) ? PartTypeOf(node) : result.dtype);
  const std::vector<Size> lengths = LengthsOf(node);
  const auto dims = DimsOf(node, transform.RankOf(x), lengths.size());
  const std::string_view kind = KindOf(node.op.type);
  const bool inverse = kind.starts_with('i'), to_real = kind == "irfft" || kind == "hfft";
  const std::optional<Factor> factor = FactorOf(NormOf(node), inverse);
  if (!transform.HasSizes(x.real) || !dims || dims->empty() || !AreValid(lengths, *dims)) return Refuse(node, kNoSizes);
  if (!factor) return Refuse(node, fmt::format("norm=\"{}\"", NormOf(node)));
  for (std::size_t i = 0; i + (to_real ? 1 : 0) < lengths.size(); ++i)
    if (GivenLength(lengths[i])) x = transform.Resized(x, (*dims)[i], lengths[i]);
  if (kind == "rfft") return Give(node, transform.OfReal(x.real, *dims, true, *factor));
  // ihfft x is the conjugate of rfft x with the factor of an inverse; hfft x is irfft of the conjugate, likewise.
  if (kind == "ihfft") return Give(node, complex_.Conj(transform.OfReal(x.real, *dims, true, *factor)));
  if (!to_real) return Give(node, transform.Full(x, *dims, inverse, *factor));
  const std::optional<Size> last = lengths.empty() ? std::nullopt : GivenLength(lengths.back());
  const Size length = last ? *last : transform.Times(transform.Minus(transform.SizeOf(x.real, dims->back()), 1), 2);
  return GiveReal(node, transform.ToReal(kind == "hfft" ? complex_.Conj(x) : x, *dims, length, *factor));
}

// The operators of the decomposed form: normalization is 0, 1 or 2 for 1, 1/sqrt(n), 1/n.
Status ComplexRules::FourierOfCore(const Node& node) {
  FourierTransform transform(math_, parts_);
  Parts x = parts_.PartsOf(node.Argument("self"));
  if (!transform.HasSizes(x.real)) return Refuse(node, kNoSizes);
  const auto dims = DimsOf(node, transform.RankOf(x), 0);
  const std::optional<int64_t> normalization = IntArgument(node, "normalization");
  if (!dims || dims->empty() || !normalization || *normalization < 0 || *normalization > 2)
    return Refuse(node, "its dims or its normalization are out of range");
  const auto factor = static_cast<Factor>(*normalization);
  if (node.op.type == "_fft_c2c")
    return Give(node, transform.Full(x, *dims, !BoolArgument(node, "forward").value_or(true), factor));
  if (node.op.type == "_fft_r2c")
    return Give(node, transform.OfReal(x.real, *dims, BoolArgument(node, "onesided").value_or(true), factor));
  const ValueId symbol = node.Argument("last_dim_size");
  const Size length = symbol != kNoValue ? Size(symbol) : Size(IntArgument(node, "last_dim_size").value_or(0));
  if (!AreValid({length}, {dims->back()})) return Refuse(node, "last_dim_size is out of range");
  return GiveReal(node, transform.ToReal(x, *dims, length, factor));
}

}  // namespace fairlead
