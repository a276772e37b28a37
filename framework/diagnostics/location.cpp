// Reading Python's stack traces, as torch.export stores them:
//
//   File "/src/models.py", line 38, in forward
//     return self.proj(x)
//   File "/usr/lib/python3/dist-packages/torch/nn/modules/linear.py", line 134, in forward
//     return F.linear(input, self.weight, self.bias)
//
// The innermost frame is last. Some versions of PyTorch leave the source lines out, and a frame may come from code that
// was generated ("<eval_with_key>.130").
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "diagnostics/diagnostics.hpp"

namespace fairlead {
namespace {

struct Frame {
  std::string_view file;
  int line = 0;
  std::string_view function = {}, code = {};
};

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// `File "models.py", line 38, in forward`
std::optional<Frame> ParseFrame(std::string_view text) {
  constexpr std::string_view kFile = "File \"", kLine = "\", line ", kIn = ", in ";
  if (!text.starts_with(kFile)) return std::nullopt;
  const std::size_t line = text.find(kLine, kFile.size());
  if (line == std::string_view::npos) return std::nullopt;
  Frame frame = {.file = text.substr(kFile.size(), line - kFile.size())};
  const char* const digits = text.data() + line + kLine.size();
  const auto [end, error] = std::from_chars(digits, text.data() + text.size(), frame.line);
  if (error != std::errc() || frame.line < 0) return std::nullopt;
  const std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  if (rest.starts_with(kIn)) frame.function = rest.substr(kIn.size());
  return frame;
}

// Frames in the order of the trace; what stands between two of them is the first's source line.
std::vector<Frame> ParseTrace(std::string_view trace) {
  std::vector<Frame> frames;
  while (!trace.empty()) {
    const std::size_t end = trace.find('\n');
    const std::string_view line = Trimmed(trace.substr(0, end));
    trace = end == std::string_view::npos ? std::string_view{} : trace.substr(end + 1);
    if (const auto frame = ParseFrame(line)) {
      frames.push_back(*frame);
    } else if (!frames.empty() && frames.back().code.empty()) {
      frames.back().code = line;
    }
  }
  return frames;
}

// True for code of PyTorch itself, installed or in its source tree, and for code PyTorch generated. A user's folder may be
// called torch too, hence the names below it.
bool IsTorchs(std::string_view file) {
  if (file.starts_with('<')) return true;
  if (file.find("-packages/torch/") != std::string_view::npos) return true;
  constexpr std::array<std::string_view, 22> kOwn = {"_C/",           "_decomp/",
                                                     "_dynamo/",      "_export/",
                                                     "_functorch/",   "_higher_order_ops/",
                                                     "_inductor/",    "_jit_internal.py",
                                                     "_library/",     "_ops.py",
                                                     "_prims/",       "_refs/",
                                                     "_subclasses/",  "_tensor.py",
                                                     "ao/",           "autograd/",
                                                     "distributed/",  "export/",
                                                     "functional.py", "fx/",
                                                     "nn/",           "utils/"};
  constexpr std::string_view kFolder = "torch/";
  for (std::size_t at = file.find(kFolder); at != std::string_view::npos; at = file.find(kFolder, at + 1)) {
    if (at > 0 && file[at - 1] != '/') continue;
    const std::string_view below = file.substr(at + kFolder.size());
    if (std::ranges::any_of(kOwn, [&](std::string_view own) { return below.starts_with(own); })) return true;
  }
  return false;
}

}  // namespace

Location LocationOf(const Source& source, std::string node) {
  Location location = {.module_path = source.module_path, .node = std::move(node)};
  const std::vector<Frame> frames = ParseTrace(source.stack_trace);
  if (frames.empty()) return location;
  const auto outside =
      std::find_if(frames.rbegin(), frames.rend(), [](const Frame& frame) { return !IsTorchs(frame.file); });
  const Frame& frame = outside != frames.rend() ? *outside : frames.back();
  location.file = frame.file;
  location.line = frame.line;
  location.function = frame.function;
  location.code = frame.code;
  return location;
}

}  // namespace fairlead
