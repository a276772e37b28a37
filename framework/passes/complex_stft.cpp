// Short-time Fourier transforms: frames of a signal, each weighted by a window and transformed (torch.stft, torch.istft;
// aten/src/ATen/native/SpectralOps.cpp).
#include <algorithm>
#include <cmath>

#include "passes/complex_fourier.hpp"
#include "passes/complex_rules.hpp"

namespace fairlead {
namespace {

using Factor = FourierTransform::Factor;

struct Frames {
  int64_t length = 0, hop = 0, window = 0;
  bool onesided = true, normalized = false;
};

std::optional<Frames> FramesOf(const Node& node, bool complex_signal) {
  Frames out;
  out.length = IntArgument(node, "n_fft").value_or(0);
  out.hop = IntArgument(node, "hop_length").value_or(out.length / 4);
  out.window = IntArgument(node, "win_length").value_or(out.length);
  out.onesided = BoolArgument(node, "onesided").value_or(!complex_signal);
  out.normalized = BoolArgument(node, "normalized").value_or(false);
  const bool valid = out.length > 0 && out.length <= FourierTransform::kLongest && out.hop > 0 &&
                     out.hop <= FourierTransform::kLongest && out.window > 0 && out.window <= out.length;
  return valid ? std::optional(out) : std::nullopt;
}

ValueId Ones(RealMath& math, int64_t length, DType dtype) {
  Node ones{.op = AtenOp("ones")};
  ones.Set("size", std::vector<int64_t>{length});
  ones.Set("dtype", dtype);
  return math.Emit(std::move(ones), Type(dtype, Dims{Dim(length)}));
}

// The window in the middle of a frame, zeros around it; kNoValue for one that is 1 everywhere.
ValueId WindowOf(RealMath& math, const Node& node, const Frames& frames, DType dtype) {
  ValueId window = node.Argument("window");
  if (window == kNoValue) {
    if (frames.window == frames.length) return kNoValue;
    window = Ones(math, frames.window, dtype);
  }
  window = math.ToType(window, dtype);
  if (frames.window == frames.length) return window;
  const int64_t left = (frames.length - frames.window) / 2;
  Node pad = math.Call("constant_pad_nd", window);
  pad.Set("pad", std::vector<int64_t>{left, frames.length - frames.window - left});
  return math.Emit(std::move(pad), Type(dtype, Dims{Dim(frames.length)}));
}

ValueId Transposed(RealMath& math, ValueId x) {
  Type type(math.TypeOf(x).dtype, math.TypeOf(x).dims);
  std::swap((*type.dims)[type.dims->size() - 1], (*type.dims)[type.dims->size() - 2]);
  Node node = math.Call("transpose", x, "int");
  node.Set("dim0", int64_t{-2});
  node.Set("dim1", int64_t{-1});
  return math.Emit(std::move(node), std::move(type));
}

// Half a frame more on either side.
ValueId Centred(RealMath& math, ValueId signal, int64_t length, std::string_view mode) {
  const bool single = math.TypeOf(signal).rank() == 1;
  if (single) signal = math.Unsqueeze(signal, 0);
  Node pad = math.Call("pad", signal);
  pad.Set("pad", std::vector<int64_t>{length / 2, length / 2});
  pad.Set("mode", std::string(mode));
  Type type(math.TypeOf(signal).dtype, math.TypeOf(signal).dims);
  Dim& size = type.dims->back();
  size = size.IsStatic() ? Dim(size.size() + length / 2 * 2) : Dim();
  signal = math.Emit(std::move(pad), std::move(type));
  return single ? math.Select(signal, 0, 0) : signal;
}

// [..., frames, length]
ValueId Framed(RealMath& math, ValueId signal, const Frames& frames) {
  Node node = math.Call("unfold", signal);
  node.Set("dimension", int64_t{-1});
  node.Set("size", frames.length);
  node.Set("step", frames.hop);
  Type type(math.TypeOf(signal).dtype, math.TypeOf(signal).dims);
  const Dim whole = type.dims->back();
  const auto count = [&] { return std::max<int64_t>(0, (whole.size() - frames.length + frames.hop) / frames.hop); };
  type.dims->back() = whole.IsStatic() ? Dim(count()) : Dim();
  type.dims->push_back(Dim(frames.length));
  return math.Emit(std::move(node), std::move(type));
}

}  // namespace

Status ComplexRules::CheckFrames(const Node& node, bool is_right, int64_t rank) {
  const ValueId self = node.Argument("self"), window = node.Argument("window");
  if (!is_right) return Refuse(node, "n_fft, hop_length or win_length is out of range");
  if (!FourierTransform(math_, parts_).HasSizes(parts_.PartsOf(self).real))
    return Refuse(node, "the sizes of self must be known and in range");
  if (math_.TypeOf(self).rank() != rank && math_.TypeOf(self).rank() != rank + 1) return Refuse(node, "the rank of self");
  if (parts_.IsComplex(window)) return Refuse(node, "window is complex");
  if (window != kNoValue && math_.TypeOf(window).rank() != 1) return Refuse(node, "window must have one dimension");
  return Ok();
}

Status ComplexRules::ShortTimeFourier(const Node& node) {
  const ValueId self = node.Argument("self");
  const bool complex_signal = parts_.IsComplex(self);
  const std::optional<Frames> frames = FramesOf(node, complex_signal);
  FL_RETURN_IF_ERROR(CheckFrames(node, frames.has_value(), 1));
  const int64_t rank = math_.TypeOf(self).rank();
  if (BoolArgument(node, "align_to_window").value_or(false)) return Refuse(node, "align_to_window=true");
  if (complex_signal && frames->onesided) return Refuse(node, "onesided=true of a complex signal");
  const DType dtype = complex_signal ? PartType(math_.TypeOf(self).dtype) : math_.TypeOf(self).dtype;
  const ValueId window = WindowOf(math_, node, *frames, dtype);
  const Attribute* const mode = node.Find("pad_mode");
  const auto* mode_text = mode ? std::get_if<std::string>(&mode->value) : nullptr;
  const bool centred = node.op.overload == "center" && BoolArgument(node, "center").value_or(true);
  const auto framed = [&](ValueId signal) {
    if (centred) signal = Centred(math_, signal, frames->length, mode_text ? *mode_text : "reflect");
    signal = Framed(math_, signal, *frames);
    return window == kNoValue ? signal : math_.Binary("mul", signal, window);
  };
  const Parts signal = parts_.PartsOf(self);
  FourierTransform transform(math_, parts_);
  const Factor factor = frames->normalized ? Factor::kRootN : Factor::kNone;
  const Parts spectrum = signal.IsReal()
                             ? transform.OfReal(framed(signal.real), {rank}, frames->onesided, factor)
                             : transform.Full({framed(signal.real), framed(signal.imag)}, {rank}, false, factor);
  const Parts out = {Transposed(math_, spectrum.real), Transposed(math_, spectrum.imag)};
  return HasComplexResult(node) ? Give(node, out) : GiveReal(node, parts_.PairOf(out));
}

namespace {

// Frames [batch, length, frames] added up where they overlap: [batch, total].
ValueId Overlapped(RealMath& math, ValueId frames_of, const Frames& frames, const Size& total) {
  const Type in(math.TypeOf(frames_of).dtype, math.TypeOf(frames_of).dims);
  Node node = math.Call("col2im", frames_of);
  GiveSizes(node, "output_size", {int64_t{1}, total});
  node.Set("kernel_size", std::vector<int64_t>{1, frames.length});
  node.Set("dilation", std::vector<int64_t>{1, 1});
  node.Set("padding", std::vector<int64_t>{0, 0});
  node.Set("stride", std::vector<int64_t>{1, frames.hop});
  const auto* number = std::get_if<int64_t>(&total);
  const Dim size = number != nullptr ? Dim(*number) : Dim();
  const ValueId image = math.Emit(std::move(node), Type(in.dtype, Dims{(*in.dims)[0], Dim(1), Dim(1), size}));
  return math.Select(math.Select(image, 1, 0), 1, 0);
}

// The length of the signal, where it is asked for.
std::optional<Size> LengthOf(const Node& node) {
  if (const ValueId symbol = node.Argument("length"); symbol != kNoValue) return symbol;
  return IntArgument(node, "length");
}

bool IsInRange(const Size& length) {
  const auto* number = std::get_if<int64_t>(&length);
  return number == nullptr || (*number >= 0 && *number <= FourierTransform::kLongest);
}

// The squared window for each of `count` frames, added up: [1, total].
ValueId OverlappedWeights(RealMath& math, ValueId window, const Frames& frames, const Size& count, const Size& total) {
  const ValueId square = math.Unsqueeze(math.Unsqueeze(math.Binary("mul", window, window), 0), 2);
  Node repeat = math.Call("expand", square);
  GiveSizes(repeat, "size", {int64_t{1}, frames.length, count});
  const auto* number = std::get_if<int64_t>(&count);
  const Dims dims = {Dim(1), Dim(frames.length), number != nullptr ? Dim(*number) : Dim()};
  return Overlapped(math, math.Emit(std::move(repeat), Type(math.TypeOf(window).dtype, dims)), frames, total);
}

}  // namespace

// The frames, weighted once more, add up to the signal times the sum of the squared windows.
Status ComplexRules::InverseShortTimeFourier(const Node& node) {
  const ValueId self = node.Argument("self");
  const std::optional<Frames> frames = FramesOf(node, false);
  FL_RETURN_IF_ERROR(CheckFrames(node, frames.has_value(), 2));
  if (!parts_.IsComplex(self)) return Refuse(node, "self is real");
  if (HasComplexResult(node)) return Refuse(node, "return_complex=true");
  const std::optional<Size> length = LengthOf(node);
  if (length && !IsInRange(*length)) return Refuse(node, "length is out of range");
  const bool single = math_.TypeOf(self).rank() == 2;
  const DType dtype = PartType(math_.TypeOf(self).dtype);
  const Parts given = parts_.PartsOf(self);
  const auto batched = [&](ValueId part) { return Transposed(math_, single ? math_.Unsqueeze(part, 0) : part); };
  FourierTransform transform(math_, parts_);
  const Factor factor = frames->normalized ? Factor::kRootN : Factor::kN;
  // Of a whole spectrum, the first half is read.
  ValueId signal = transform.ToReal({batched(given.real), batched(parts_.Imag(given))}, {2}, frames->length, factor);
  ValueId window = WindowOf(math_, node, *frames, dtype);
  if (window == kNoValue) window = Ones(math_, frames->length, dtype);
  signal = math_.Binary("mul", signal, window);

  const Size count = transform.SizeOf(signal, 1);
  const Size total = transform.Plus(transform.Times(transform.Minus(count, 1), frames->hop), frames->length);
  const ValueId weights = OverlappedWeights(math_, window, *frames, count, total);
  ValueId sum = Overlapped(math_, Transposed(math_, signal), *frames, total);

  const int64_t start = BoolArgument(node, "center").value_or(true) ? frames->length / 2 : 0;
  const Size end = length ? transform.Plus(*length, start) : transform.Minus(total, start);
  const auto cut = [&](ValueId part) { return transform.Slice(part, 1, start, end); };
  sum = math_.Binary("div", cut(sum), cut(weights));
  if (length) sum = transform.Resized({sum}, 1, *length).real;
  return GiveReal(node, single ? math_.Select(sum, 0, 0) : sum);
}

}  // namespace fairlead
