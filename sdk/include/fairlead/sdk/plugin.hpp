// The one exported symbol of a plugin, and its manifest, made from its tables.
//
//   constexpr Family kFamilies[] = {{"activation", ActivationLowerings}, {"binary", BinaryLowerings}};
//   FL_PLUGIN("fairlead.aten", "0.1.0", "ATen lowerings", kFamilies)
//
// What follows the description are tables: an array of Family is one of lowerings. Other layers (rules, providers) name
// theirs by specializing PluginTable. All of it lies in read-only data, and nothing runs when the library is opened.
#pragma once

#include <fairlead/sdk/abi/manifest.h>
#include <fairlead/sdk/lowering.hpp>

namespace fairlead {
inline namespace sdk_v1 {

// How one argument of FL_PLUGIN becomes a table: its id, its kind in the manifest, and where it lies.
template <const auto& Part> struct PluginTable;

template <std::size_t N, const Family (&Families)[N]> struct PluginTable<Families> {
  static constexpr std::string_view kId = FL_P_LOWERING_ID;
  static constexpr uint32_t kKind = FL_KIND_LOWERING;

  static fl_status GetFamily(uint32_t index, fl_lowering_family* out) noexcept {
    if (index >= N) return FL_NOT_FOUND;
    const std::span<const Lowering> rows = Families[index].rows();
    *out = {sizeof(fl_lowering_family), sizeof(Lowering), ToAbi(Families[index].name), rows.data(), rows.size()};
    return FL_OK;
  }

  static constexpr fl_p_lowering kTable = {sizeof(fl_p_lowering), N, GetFamily};
};

namespace plugin_detail {

template <const auto&... Parts> inline constexpr uint32_t kKinds = (PluginTable<Parts>::kKind | ...);

template <const auto&... Parts> const void* GetTable(void*, fl_str id) noexcept {
  const void* table = nullptr;
  ((FromAbi(id) == PluginTable<Parts>::kId ? void(table = &PluginTable<Parts>::kTable) : void()), ...);
  return table;
}

}  // namespace plugin_detail

}  // namespace sdk_v1
}  // namespace fairlead

#define FL_PLUGIN(id, version, description, ...)                                           \
  FL_MANIFEST(id, version, (fairlead::plugin_detail::kKinds<__VA_ARGS__>))                 \
  extern "C" const fl_plugin* fl_plugin_entry_v1(const fl_host*) noexcept {                \
    static constexpr fl_plugin kPlugin = {sizeof(fl_plugin),                               \
                                          FL_ABI_MAJOR,                                    \
                                          FL_ABI_MINOR,                                    \
                                          FL_ABI_FLOOR,                                    \
                                          0,                                               \
                                          0,                                               \
                                          sizeof(fl_option_desc),                          \
                                          0,                                               \
                                          fairlead::ToAbi(id),                             \
                                          fairlead::ToAbi(version),                        \
                                          fairlead::ToAbi(description),                    \
                                          nullptr,                                         \
                                          nullptr,                                         \
                                          nullptr,                                         \
                                          fairlead::plugin_detail::GetTable<__VA_ARGS__>}; \
    return &kPlugin;                                                                       \
  }
