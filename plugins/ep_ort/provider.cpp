#include "provider.hpp"

#include "session.hpp"
#include "settings.hpp"

namespace fairlead::ep_ort {
namespace {

constexpr char kExternalFolder[] = "session.model_external_initializers_file_folder_path";

std::string FolderOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

}  // namespace

OrtEp::OrtEp(const EpCall& call, const fl_ep_config& config) {
  if (config.device_kind != FL_DEVICE_CPU || config.device_index != 0)
    throw EpError(FL_UNAVAILABLE, "onnxruntime is opened for the CPU only");
  Library library = OpenLibrary(std::string(call.Option("library")));
  const OrtApi& api = *library.api;
  OrtEnv* raw_env = nullptr;
  // Errors come back as statuses; what is logged beside them would only repeat them.
  Check(api, api.CreateEnv(ORT_LOGGING_LEVEL_FATAL, "fairlead", &raw_env), "onnxruntime");
  Owned<OrtEnv> env(raw_env, api.ReleaseEnv);
  OrtSessionOptions* raw_options = nullptr;
  Check(api, api.CreateSessionOptions(&raw_options), "session options");
  Owned<OrtSessionOptions> options(raw_options, api.ReleaseSessionOptions);
  ApplySettings(api, options.get(), call);
  environment_ = std::make_shared<const Environment>(Environment{std::move(library), std::move(env), std::move(options)});
}

std::unique_ptr<EpModel> OrtEp::Load(const EpCall&, const EpSource& source) {
  const bool from_file = source.bytes.data() == nullptr;
  return std::make_unique<OrtModel>(environment_, from_file ? OpenFile(source.path) : OpenBytes(source));
}

Owned<OrtSession> OrtEp::OpenFile(const std::string& path) const {
  const OrtApi& api = *environment_->library.api;
  OrtSession* session = nullptr;
  Check(api, api.CreateSession(environment_->env.get(), path.c_str(), environment_->options.get(), &session), path);
  return {session, api.ReleaseSession};
}

Owned<OrtSession> OrtEp::OpenBytes(const EpSource& source) const {
  const OrtApi& api = *environment_->library.api;
  OrtSessionOptions* raw_options = nullptr;
  Check(api, api.CloneSessionOptions(environment_->options.get(), &raw_options), "session options");
  const Owned<OrtSessionOptions> options(raw_options, api.ReleaseSessionOptions);
  if (!source.path.empty())
    Check(api, api.AddSessionConfigEntry(options.get(), kExternalFolder, FolderOf(source.path).c_str()), kExternalFolder);
  OrtSession* session = nullptr;
  Check(api,
        api.CreateSessionFromArray(environment_->env.get(), source.bytes.data(), source.bytes.size(), options.get(),
                                   &session),
        source.path.empty() ? "model" : source.path);
  return {session, api.ReleaseSession};
}

}  // namespace fairlead::ep_ort
