#include "aten/table.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "aten/schema.hpp"

namespace fairlead {
namespace aten_detail {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kRegistered[] = {
#include "aten/schemas.inc"
};

}  // namespace

std::span<const std::string_view> RegisteredSchemas() { return kRegistered; }

}  // namespace aten_detail

namespace {

using aten_detail::NameOf;
using aten_detail::PseudoSchemas;
using aten_detail::RegisteredSchemas;
using Texts = std::span<const std::string_view>;

// The first schema whose name is not before `name`.
Texts::iterator LowerBound(Texts texts, std::string_view name) { return std::ranges::lower_bound(texts, name, {}, NameOf); }

// Namespaces are whole in one of the two tables.
Texts TableOf(std::string_view domain) {
  const std::string prefix = std::string(domain) + "::";
  const Texts registered = RegisteredSchemas();
  const auto first = LowerBound(registered, prefix);
  return first != registered.end() && first->starts_with(prefix) ? registered : PseudoSchemas();
}

// Schemas parsed so far. Readers take the lock shared; a schema never moves.
class ParsedSchemas {
 public:
  const AtenSchema* Find(std::string_view text) {
    {
      const std::shared_lock lock(mutex_);
      if (const auto found = schemas_.find(text.data()); found != schemas_.end()) return found->second.get();
    }
    Result<AtenSchema> parsed = ParseSchema(text);
    FL_CHECK(parsed.ok(), "the tables hold schemas only: SchemaTable.EverySchemaParses");
    const std::unique_lock lock(mutex_);
    const auto [at, added] = schemas_.try_emplace(text.data());
    if (added) at->second = std::make_unique<const AtenSchema>(*std::move(parsed));
    return at->second.get();
  }

 private:
  std::shared_mutex mutex_;
  std::unordered_map<const char*, std::unique_ptr<const AtenSchema>> schemas_;
};

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

ParsedSchemas& Parsed() {
  static auto* const parsed = new ParsedSchemas;  // never destroyed: thousands of small pieces, and the process is ending
  return *parsed;
}

}  // namespace

std::optional<OpName> FindSchemaText(std::string_view text) {
  for (const Texts texts : {RegisteredSchemas(), PseudoSchemas()}) {
    const auto found = LowerBound(texts, NameOf(text));
    if (found != texts.end() && *found == text) return aten_detail::ParseOpName(NameOf(text));
  }
  return std::nullopt;
}

const AtenSchema* FindSchema(const OpName& op) {
  std::string name = op.domain + "::" + op.type;
  if (op.overload != "default") (name += '.') += op.overload;
  const Texts texts = TableOf(op.domain);
  const auto found = LowerBound(texts, name);
  return found != texts.end() && NameOf(*found) == name ? Parsed().Find(*found) : nullptr;
}

std::vector<std::string> Overloads(std::string_view domain, std::string_view type) {
  const std::string name = std::string(domain) + "::" + std::string(type);
  const Texts texts = TableOf(domain);
  std::vector<std::string> out;
  // '.' sorts before every character of a name, so that the overloads stand together behind the unnamed one.
  for (auto at = LowerBound(texts, name); at != texts.end(); ++at) {
    const std::string_view found = NameOf(*at);
    if (!found.starts_with(name) || (found.size() > name.size() && found[name.size()] != '.')) break;
    out.emplace_back(found.size() == name.size() ? "default" : found.substr(name.size() + 1));
  }
  std::ranges::sort(out);
  return out;
}

std::vector<std::string> NearestOperators(std::string_view domain, std::string_view type, std::size_t count,
                                          std::size_t most_edits) {
  constexpr std::size_t kLongest = 128;  // of a name; longer ones are no typing mistake
  const std::string prefix = std::string(domain) + "::";
  const Texts texts = TableOf(domain);
  std::vector<std::pair<std::size_t, std::string_view>> ranked;
  for (auto at = LowerBound(texts, prefix); at != texts.end() && at->starts_with(prefix); ++at) {
    std::string_view name = NameOf(*at).substr(prefix.size());
    name = name.substr(0, name.find('.'));
    if (ranked.empty() || ranked.back().second != name)
      ranked.emplace_back(EditDistance(name, type.substr(0, kLongest)), name);
  }
  std::ranges::sort(ranked);
  std::vector<std::string> out;
  for (const auto& [distance, name] : ranked) {
    if (out.size() == count || distance > most_edits) break;
    out.emplace_back(name);
  }
  return out;
}

std::vector<std::string_view> AllSchemas() {
  std::vector<std::string_view> out(RegisteredSchemas().begin(), RegisteredSchemas().end());
  out.insert(out.end(), PseudoSchemas().begin(), PseudoSchemas().end());
  std::ranges::sort(out, {}, NameOf);
  return out;
}

}  // namespace fairlead
