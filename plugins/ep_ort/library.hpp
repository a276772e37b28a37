// ONNX Runtime's shared library, opened at run time.
#pragma once

#include <onnxruntime_c_api.h>

#include <fairlead/sdk/ep.hpp>
#include <memory>
#include <string>

namespace fairlead::ep_ort {

// The library stays mapped for the life of the process: ONNX Runtime's threads may outlive a session.
struct Library {
  const OrtApi* api = nullptr;
  std::string version;  // "1.31.1"
};

// `path` is what the user set, and nothing else is tried then. When it is empty: FAIRLEAD_ONNXRUNTIME, then the loader's
// search for libonnxruntime.so.1. EpError(FL_UNAVAILABLE) says what was tried and what was wrong with it.
Library OpenLibrary(std::string path);

// Throws what a call of ONNX Runtime returned, if anything, as an EpError whose message starts with `subject`.
void Check(const OrtApi& api, OrtStatus* status, std::string_view subject);

// Objects of ONNX Runtime that release themselves: Owned<OrtSession>(api, session, api.ReleaseSession).
template <class T> using Owned = std::unique_ptr<T, void (*)(T*)>;

}  // namespace fairlead::ep_ort
