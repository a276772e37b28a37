// Reads a file into an ExportedProgram: archive, JSON, graph, signature, weights, in this order.
#include <algorithm>

#include "archive/storage.hpp"
#include "frontend/frontend.hpp"
#include "frontend/graph_reader.hpp"
#include "frontend/program_archive.hpp"
#include "frontend/sample_inputs.hpp"
#include "frontend/signature.hpp"

namespace fairlead {
namespace {

constexpr int64_t kNewestMajor = 8;

Status ReadVersion(JsonValue root, ExportedProgram& program) {
  const JsonValue version = root["schema_version"];
  const auto major = version.IsObject() ? version["major"].AsInt() : version.AsInt();
  const int64_t minor = version["minor"].AsInt().value_or(0);
  program.torch_version = root["torch_version"].text();
  if (!major) return Error("FL1002", "the program does not say the version of its schema");
  if (*major < 1 || *major > kNewestMajor || minor < 0 || minor > INT32_MAX)
    return Error("FL1002", "the program has schema {}.{} (PyTorch {}); 1 to {} are read", *major, minor,
                 program.torch_version.empty() ? "unknown" : program.torch_version, kNewestMajor);
  program.schema_major = static_cast<int>(*major);
  program.schema_minor = static_cast<int>(minor);
  const JsonValue verifiers = root["verifiers"];
  program.dialect = verifiers.size() > 0 ? verifiers[std::size_t{0}].text() : root["dialect"].text();
  return Ok();
}

// PyTorch writes "no bound" as null, as int64's limits or as the largest value minus one.
std::optional<int64_t> Bound(JsonValue json) {
  const auto value = json.AsInt();
  return value && *value > INT64_MIN + 1 && *value < INT64_MAX - 1 ? value : std::nullopt;
}

void ReadRanges(JsonValue ranges, ExpressionReader& expressions, ExportedProgram& program) {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const auto [key, range] = ranges.member(i);
    const auto& expression = expressions.Read(key);
    if (expression) program.ranges[*expression] = {Bound(range["min_val"]), Bound(range["max_val"])};
  }
}

// ---- weights

bool IsWeight(const InputSpec& spec) {
  return spec.kind == InputSpec::Kind::kParameter || spec.kind == InputSpec::Kind::kBuffer ||
         spec.kind == InputSpec::Kind::kTensorConstant;
}

// Dims of a type that are all numbers whose product fits.
std::optional<std::vector<int64_t>> StaticDims(const Type& type) {
  std::vector<int64_t> out;
  for (const Dim& dim : type.dims.value_or(Dims())) {
    if (!dim.IsStatic()) return std::nullopt;
    out.push_back(dim.size());
  }
  return ElementCount(out) ? std::optional(std::move(out)) : std::nullopt;
}

Result<Tensor> FindWeight(const InputSpec& spec, const ProgramArchive& archive, const TensorStore& embedded) {
  const bool weight =
      spec.kind == InputSpec::Kind::kParameter || (spec.kind == InputSpec::Kind::kBuffer && spec.persistent);
  const TensorStore& first = weight ? archive.weights() : archive.constants();
  const TensorStore& second = weight ? archive.constants() : archive.weights();
  for (const TensorStore* const store : {&first, &second, &embedded})
    if (store->Has(spec.target)) return store->Read(spec.target);
  return Error("FL1009", "{} is not in the archive", spec.target);
}

// The weight's tensor, or an absent one of its type where none is needed.
Result<Tensor> FindOrOmitWeight(const InputSpec& spec, const Type& type, const ProgramArchive& archive,
                                const TensorStore& embedded, bool weightless) {
  auto tensor = FindWeight(spec, archive, embedded);
  if (tensor.ok() || tensor.error().rule != "FL1009" || !weightless) return tensor;
  auto dims = StaticDims(type);
  if (!type.IsTensor() || !dims)
    return Error("FL1001", "weight {} has the impossible type {}", spec.target, ToString(type));
  return Tensor::Absent(type.dtype, *std::move(dims));
}

Status ReadWeight(const InputSpec& spec, const ProgramArchive& archive, const TensorStore& embedded, bool weightless,
                  ExportedProgram& program) {
  Type& type = program.graph.value(spec.value).type;
  auto known = program.weights.find(spec.target);
  if (known == program.weights.end()) {
    FL_ASSIGN_OR_RETURN(Tensor tensor, FindOrOmitWeight(spec, type, archive, embedded, weightless));
    known = program.weights.emplace(spec.target, std::move(tensor)).first;
  }
  const Tensor& tensor = known->second;
  if (type.kind == Type::Kind::kUnknown) type = tensor.type();
  if (!type.IsTensor() || tensor.dtype() != type.dtype || StaticDims(type) != tensor.dims())
    return Error("FL1001", "weight {} is {} in the archive, but {} in the program", spec.target, ToString(tensor.type()),
                 ToString(type));
  return Ok();
}

Status ReadWeights(const ProgramArchive& archive, JsonValue graph, bool weightless, ExportedProgram& program) {
  const auto embedded = EmbeddedConstants(graph["constants"]);
  for (const InputSpec& spec : program.inputs)
    if (IsWeight(spec)) FL_RETURN_IF_ERROR(ReadWeight(spec, archive, *embedded, weightless, program));
  return Ok();
}

// ---- notes

std::string ToText(const ConstantLeaf& leaf) {
  if (const auto* const integer = std::get_if<int64_t>(&leaf)) return std::to_string(*integer);
  if (const auto* const real = std::get_if<double>(&leaf)) return fmt::format("{}", *real);
  if (const auto* const truth = std::get_if<bool>(&leaf)) return *truth ? "True" : "False";
  if (const auto* const text = std::get_if<std::string>(&leaf)) return fmt::format("'{}'", *text);
  return "None";
}

void ReportConstantInputs(const ExportedProgram& program, Diagnostics& diagnostics) {
  for (const InputSpec& spec : program.inputs)
    if (spec.kind == InputSpec::Kind::kConstant)
      diagnostics.Report({.rule = "FL1006",
                          .message = fmt::format("input '{}' was fixed to {} when the program was exported", spec.name,
                                                 ToText(spec.constant))});
}

Status ReadProgram(const ProgramArchive& archive, const std::string& name, const ReadOptions& options,
                   ExportedProgram& program) {
  FL_ASSIGN_OR_RETURN(const JsonDocument document, JsonDocument::Parse(archive.program().text(), name));
  const JsonValue root = document.root(), graph_module = root["graph_module"];
  FL_RETURN_IF_ERROR(ReadVersion(root, program));
  const auto names = NameSymbols(graph_module["graph"], UserInputs(graph_module));
  for (const auto& [symbol, readable] : names) program.symbols.emplace(readable, symbol);
  ExpressionReader expressions(names);
  TypeReader types(expressions);
  GraphReader graph(program.graph, types, 0);
  FL_RETURN_IF_ERROR(graph.Read(graph_module["graph"]));
  FL_RETURN_IF_ERROR(ReadSignature(graph_module, graph, program));
  ReadRanges(root["range_constraints"], expressions, program);
  return ReadWeights(archive, graph_module["graph"], options.weightless, program);
}

}  // namespace

Result<ExportedProgram> ReadExportedProgram(const std::shared_ptr<const MappedFile>& file, const ReadOptions& options,
                                            Diagnostics& diagnostics) {
  const std::string name = file->path().string();
  if (FileIdentity identity = Identify(file); identity.kind != FileKind::kExportedProgram)
    return Error("FL1001", "{} is {}", name, identity.sentence).WithHint(std::move(identity.advice));
  FL_ASSIGN_OR_RETURN(ZipArchive opened, ZipArchive::Open(WholeFile(file), name));
  const auto zip = std::make_shared<const ZipArchive>(std::move(opened));
  FL_ASSIGN_OR_RETURN(const ProgramArchive archive, ProgramArchive::Open(zip, options.check_crc));
  ExportedProgram program;
  program.archive_path = name;
  program.layout = archive.layout();
  FL_RETURN_IF_ERROR(ReadProgram(archive, name, options, program));
  if (options.sample_inputs) ReadSampleInputs(archive.sample_inputs(), options.check_crc, program);
  ReportConstantInputs(program, diagnostics);
  return program;
}

Result<ExportedProgram> ReadExportedProgram(const std::filesystem::path& path, const ReadOptions& options,
                                            Diagnostics& diagnostics) {
  FL_ASSIGN_OR_RETURN(const auto file, MappedFile::Open(path));
  return ReadExportedProgram(file, options, diagnostics);
}

}  // namespace fairlead
