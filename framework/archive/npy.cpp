#include "archive/npy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "archive/little_endian.hpp"
#include "archive/storage.hpp"

namespace fairlead {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr uint64_t kMaxHeader = 1 << 20;

struct TypeCode {
  std::string_view code;  // without the sign of the byte order
  DType dtype;
};

constexpr std::array kTypes = std::to_array<TypeCode>({
    {"f4", DType::kFloat},
    {"f8", DType::kDouble},
    {"f2", DType::kFloat16},
    {"i8", DType::kInt64},
    {"i4", DType::kInt32},
    {"i2", DType::kInt16},
    {"i1", DType::kInt8},
    {"u8", DType::kUint64},
    {"u4", DType::kUint32},
    {"u2", DType::kUint16},
    {"u1", DType::kUint8},
    {"b1", DType::kBool},
    {"c8", DType::kComplex64},
    {"c16", DType::kComplex128},
});

struct Header {
  std::string_view type;
  bool fortran_order = false;
  std::vector<int64_t> dims;
};

// Reads "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }": a dict of just these three.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view text) : text_(text) {}

  std::optional<Header> Read() {
    Header header;
    unsigned seen = 0;
    if (!Accept('{')) return std::nullopt;
    while (!Accept('}')) {
      std::string_view key;
      if (!Quoted(key) || !Accept(':')) return std::nullopt;
      if (key == "descr" && Quoted(header.type)) {
        seen |= 1;
      } else if (key == "fortran_order" && Truth(header.fortran_order)) {
        seen |= 2;
      } else if (key == "shape" && Shape(header.dims)) {
        seen |= 4;
      } else {
        return std::nullopt;
      }
      if (!Accept(',') && Peek() != '}') return std::nullopt;
    }
    return seen == 7 ? std::optional(header) : std::nullopt;
  }

 private:
  char Peek() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool Accept(char c) {
    if (Peek() != c) return false;
    ++at_;
    return true;
  }
  bool Accept(std::string_view word) {
    Peek();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  bool Quoted(std::string_view& out) {
    const char quote = Peek();
    if (quote != '\'' && quote != '"') return false;
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) return false;
    out = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return true;
  }
  bool Truth(bool& out) {
    out = Accept(std::string_view("True"));
    return out || Accept(std::string_view("False"));
  }
  bool Shape(std::vector<int64_t>& out) {
    if (!Accept('(')) return false;
    while (!Accept(')')) {
      int64_t size = 0;
      Peek();
      const auto result = std::from_chars(text_.data() + at_, text_.data() + text_.size(), size);
      if (result.ec != std::errc() || out.size() >= 64) return false;
      at_ = static_cast<std::size_t>(result.ptr - text_.data());
      Accept('L');  // of Python 2
      out.push_back(size);
      if (!Accept(',') && Peek() != ')') return false;
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::vector<int64_t> Strides(const std::vector<int64_t>& dims, bool fortran_order) {
  std::vector<int64_t> out(dims.size());
  int64_t stride = 1;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const std::size_t axis = fortran_order ? i : dims.size() - 1 - i;
    out[axis] = stride;
    stride *= std::max<int64_t>(dims[axis], 1);
  }
  return out;
}

}  // namespace

Result<Tensor> ReadNpy(const Content& content, std::string_view name) {
  const std::string_view text = content.text();
  const auto broken = [&](std::string_view what) { return Error("FL1001", "{}: not a .npy array: {}", name, what); };
  if (!text.starts_with(kMagic) || text.size() < 12) return broken("no numpy header");
  const bool wide = text[6] != 1;  // version 1 has a 16-bit length
  const uint64_t start = wide ? 12 : 10, length = wide ? Load32(content.bytes, 8) : Load16(content.bytes, 8);
  if (length > kMaxHeader || length > text.size() - start) return broken("its header does not fit");
  const auto header = HeaderReader(text.substr(start, length)).Read();
  if (!header) return broken("its header is not the dict that numpy writes");

  const bool has_order = !header->type.empty() && std::string_view("<>|=").find(header->type[0]) != std::string_view::npos;
  const std::string_view code = header->type.substr(has_order ? 1 : 0);
  const auto type = std::ranges::find(kTypes, code, &TypeCode::code);
  if (type == kTypes.end()) return broken(fmt::format("its type '{}' is none of numbers", header->type));
  const Content data = content.Slice(start + length, text.size() - start - length);
  const auto count = ElementCount(header->dims);
  const auto size = count ? ByteSize(type->dtype, static_cast<uint64_t>(*count)) : std::nullopt;
  if (!size || *size != data.bytes.size())
    return broken(
        fmt::format("{} bytes for shape ({}) of '{}'", data.bytes.size(), fmt::join(header->dims, ", "), header->type));
  const StridedView view{type->dtype, header->dims, Strides(header->dims, header->fortran_order), 0};
  return TensorOverStorage(data, view, header->type.starts_with('>'), name);
}

std::string NpyHeader(const Tensor& tensor) {
  const auto type = std::ranges::find(kTypes, tensor.dtype(), &TypeCode::dtype);
  if (type == kTypes.end()) return {};
  const char order = BitWidth(tensor.dtype()) == 8 ? '|' : '<';
  // A tuple of one element has a comma.
  const std::string shape = fmt::format("({}{})", fmt::join(tensor.dims(), ", "), tensor.dims().size() == 1 ? "," : "");
  std::string header = fmt::format("{{'descr': '{}{}', 'fortran_order': False, 'shape': {}, }}", order, type->code, shape);
  constexpr std::size_t kPrefix = 10;
  header.append(63 - (kPrefix + header.size()) % 64, ' ');
  header += '\n';
  std::string out(kMagic);
  out += {'\x01', '\0', static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
  return out + header;
}

}  // namespace fairlead
