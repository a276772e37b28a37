// What a lowering returned against what PyTorch recorded.
#include "lowering/driver.hpp"

namespace fairlead {
namespace {

// Static in both and different: the model would be wrong.
bool Disagree(const Dim& recorded, const Dim& inferred) {
  return recorded.IsStatic() && inferred.IsStatic() && recorded.size() != inferred.size();
}

// The recorded dims, where they say more than the inferred ones.
void Adopt(const Type& recorded, Type& inferred) {
  if (inferred.kind == Type::Kind::kUnknown || !inferred.dims) {
    inferred = recorded;
    return;
  }
  for (std::size_t i = 0; i < inferred.dims->size(); ++i)
    if (!(*inferred.dims)[i].IsStatic() || (*recorded.dims)[i].IsStatic())
      if (!(*recorded.dims)[i].IsUnknown()) (*inferred.dims)[i] = (*recorded.dims)[i];
  inferred.expression = recorded.expression;
  inferred.wrapped_number = recorded.wrapped_number;
}

}  // namespace

Status Driver::CheckResults(const CallSite& site, const LoweringRow& row, std::vector<TargetValue>& results) {
  const auto subject = [&](std::size_t i) {
    return fmt::format("{} lowered by plugin {}: result {}", ToString(site.schema().op), row.plugin->id(), i);
  };
  if (results.size() != site.result_count())
    return Error("FL2012", "{} lowered by plugin {} returned {} results, the operator has {}", ToString(site.schema().op),
                 row.plugin->id(), results.size(), site.result_count());
  for (std::size_t i = 0; i < results.size(); ++i) {
    const Type& recorded = site.result_type(i);
    if (!results[i]) {
      const bool expected = site.node() == nullptr || site.node()->outputs[i] == kNoValue;
      if (!expected) return Error("FL2012", "{} is absent", subject(i));
      continue;
    }
    // PyTorch 2.6 records types of another call for results that nobody reads.
    if (!recorded.IsTensor() || !IsUsed(site, i)) continue;
    Type& inferred = target_.graph(results[i].frame).value(results[i].value).type;
    if (inferred.IsTensor() && inferred.dtype != recorded.dtype)
      return Error("FL4011", "{} was captured as {} but ONNX infers {}", subject(i), ToString(recorded),
                   ToString(inferred));
    if (!recorded.dims) continue;
    bool disagree = inferred.dims && inferred.rank() != recorded.rank();
    for (std::size_t d = 0; !disagree && inferred.dims && d < inferred.dims->size(); ++d)
      disagree = Disagree((*recorded.dims)[d], (*inferred.dims)[d]);
    if (disagree)
      return Error("FL4010", "{} was captured as {} but ONNX infers {}", subject(i), ToString(recorded),
                   ToString(inferred));
    Adopt(recorded, inferred);
  }
  return Ok();
}

}  // namespace fairlead
