#include "library.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace fairlead::ep_ort {
namespace {

constexpr char kSoname[] = "libonnxruntime.so.1";
constexpr char kHint[] = "; set --plugin-opt fairlead.ep_ort:library=FILE or FAIRLEAD_ONNXRUNTIME";
// The oldest table that has every function used here.
constexpr uint32_t kOldestApi = 11;

struct Candidate {
  std::string path, origin;  // "FAIRLEAD_ONNXRUNTIME"
};

Candidate Choose(std::string path) {
  if (!path.empty()) return {std::move(path), "the setting library"};
  const char* variable = std::getenv("FAIRLEAD_ONNXRUNTIME");
  if (variable != nullptr && *variable != '\0') return {variable, "FAIRLEAD_ONNXRUNTIME"};
  return {kSoname, "the loader's search path"};
}

// The API a release serves is its minor version: 1.21.0 has API 21. Asking for a newer one makes the library write to
// stderr.
uint32_t NewestApi(std::string_view version) {
  const std::size_t dot = version.find('.');
  if (dot == version.npos) return ORT_API_VERSION;
  uint32_t minor = ORT_API_VERSION;
  std::from_chars(version.data() + dot + 1, version.data() + version.size(), minor);
  return std::min<uint32_t>(minor, ORT_API_VERSION);
}

fl_status StatusOf(OrtErrorCode code) {
  switch (code) {
    case ORT_NOT_IMPLEMENTED: return FL_UNIMPLEMENTED;
    case ORT_NO_SUCHFILE:
    case ORT_NO_MODEL: return FL_NOT_FOUND;
    case ORT_INVALID_ARGUMENT:
    case ORT_INVALID_PROTOBUF:
    case ORT_INVALID_GRAPH: return FL_INVALID_ARGUMENT;
    case ORT_OK:
    case ORT_FAIL:
    case ORT_ENGINE_ERROR:
    case ORT_RUNTIME_EXCEPTION:
    case ORT_MODEL_LOADED:
    case ORT_EP_FAIL: break;
  }
  return FL_INTERNAL;
}

}  // namespace

Library OpenLibrary(std::string path) {
  const Candidate candidate = Choose(std::move(path));
  void* handle = dlopen(candidate.path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* reason = dlerror();
    throw EpError(FL_UNAVAILABLE, "ONNX Runtime from " + candidate.origin +
                                      " cannot be opened: " + (reason != nullptr ? reason : candidate.path) + kHint);
  }
  const auto get_base = reinterpret_cast<const OrtApiBase* (*)()>(dlsym(handle, "OrtGetApiBase"));
  if (get_base == nullptr)
    throw EpError(FL_UNAVAILABLE, candidate.path + " is no ONNX Runtime: it has no function OrtGetApiBase" + kHint);
  const OrtApiBase* base = get_base();
  Library library;
  library.version = base->GetVersionString();
  for (uint32_t version = NewestApi(library.version); version >= kOldestApi && library.api == nullptr; --version)
    library.api = base->GetApi(version);
  if (library.api == nullptr)
    throw EpError(FL_UNAVAILABLE, candidate.path + " is ONNX Runtime " + library.version + ", 1." +
                                      std::to_string(kOldestApi) + " or later is needed");
  return library;
}

void Check(const OrtApi& api, OrtStatus* status, std::string_view subject) {
  if (status == nullptr) return;
  const fl_status code = StatusOf(api.GetErrorCode(status));
  std::string message = std::string(subject) + ": " + api.GetErrorMessage(status);
  api.ReleaseStatus(status);
  throw EpError(code, std::move(message));
}

}  // namespace fairlead::ep_ort
