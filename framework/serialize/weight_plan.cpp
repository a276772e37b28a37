#include "serialize/weight_plan.hpp"

namespace fairlead {
namespace fs = std::filesystem;

namespace {

using onnx_room::Placement;

fs::path FolderOf(const fs::path& file) { return file.has_parent_path() ? file.parent_path() : fs::path("."); }

Status WhyNotReferable(const std::string& name, const Tensor& tensor, const fs::path& output) {
  const auto refuse = [&](const std::string& why) {
    return Error("FL6016", "weight {} cannot be used where it lies: {}", name, why);
  };
  if (!tensor.IsDense()) return refuse("its elements do not stand in row-major order");
  if (!tensor.range() || tensor.range()->size != tensor.dense_size()) return refuse("it is compressed, or was computed");
  const FileRange& range = *tensor.range();
  const fs::path& file = range.file->path();
  const auto width = static_cast<uint64_t>(std::max(BitWidth(tensor.dtype()) / 8, 1));
  if (range.offset % width != 0)
    return refuse(fmt::format("it begins at byte {} of {}, which is not aligned", range.offset, file.string()));
  std::error_code error;
  if (fs::is_symlink(file, error)) return refuse(fmt::format("{} is a symbolic link", file.string()));
  if (range.file->links() != 1) return refuse(fmt::format("{} has {} hard links", file.string(), range.file->links()));
  if (!fs::equivalent(FolderOf(file), FolderOf(output), error))
    return refuse(fmt::format("{} is not in the folder of {}", file.string(), output.string()));
  if (fs::equivalent(file, output, error)) return refuse(fmt::format("{} would be overwritten", file.string()));
  return Ok();
}

Result<Placement> Reference(const std::string& name, const Tensor& tensor, const fs::path& output) {
  const bool small_and_computed = !tensor.range() && tensor.dense_size() <= kExternalThreshold;
  if (small_and_computed) return Placement{};
  if (Status why = WhyNotReferable(name, tensor, output); !why.ok())
    return std::move(why).WithHint("Use --weights external, or write beside the program.");
  return Placement{Placement::Kind::kExternal, tensor.range()->file->path().filename().string(), tensor.range()->offset,
                   tensor.range()->size};
}

// Lays weights out in one data file, in the order they come.
class DataFile {
 public:
  explicit DataFile(std::string name) : name_(std::move(name)) {}
  Placement Place(uint64_t size) {
    const uint64_t alignment = size > kPage ? kPage : kLine;
    const uint64_t offset = (end_ + alignment - 1) / alignment * alignment;
    end_ = offset + size;
    return {Placement::Kind::kExternal, name_, offset, size};
  }

 private:
  std::string name_;
  uint64_t end_ = 0;
};

}  // namespace

Result<WeightPlan> PlanWeights(const Graph& graph, WeightPolicy policy, const fs::path& output) {
  WeightPlan plan;
  const std::string data_name = DataFileOf(output).filename().string();
  DataFile data(data_name);
  for (const Initializer& initializer : graph.initializers()) {
    const Tensor& tensor = initializer.tensor;
    const std::string& name = graph.value(initializer.value).name;
    if (tensor.IsAbsent())
      return Error("FL1009", "weight {} has no data", name).WithHint("Use --weights none to make the weights inputs.");
    const uint64_t size = tensor.dense_size();
    Placement& placement = plan.placements[initializer.value];
    if (policy == WeightPolicy::kReference) {
      FL_ASSIGN_OR_RETURN(placement, Reference(name, tensor, output));
    } else if (policy == WeightPolicy::kExternal && size > kExternalThreshold) {
      placement = data.Place(size);
      plan.external.push_back(initializer.value);
      plan.data_file = data_name;
    } else if (size > kInlineSize) {
      placement.kind = Placement::Kind::kStreamed;
    }
  }
  return plan;
}

}  // namespace fairlead
