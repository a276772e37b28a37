// Schemas that PyTorch's dispatcher does not have: higher-order operators, the markers of torch.vmap, Python's functions on
// symbolic numbers, torchvision's operators (another library registers them), and the one
// operator that the passes add, a discrete Fourier transform along `dim`: `self` and the result are pairs of real and
// imaginary part in the last dimension, that of `self` may be 1 for real numbers; sums, and means for an inverse one;
// `onesided` keeps the first half + 1 of the spectrum of real numbers.
//
// The frontend maps every archive version's argument list onto these. Operands of a higher-order operator are positional in
// the archives; here they have names.
#include <algorithm>
#include <iterator>

#include "aten/table.hpp"

namespace fairlead::aten_detail {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kPseudo[] = {
    "fairlead::dft(Tensor self, int dim, bool inverse, bool onesided) -> Tensor"sv,
    "functorch::_add_batch_dim(Tensor self, int batch_dim, int level) -> Tensor"sv,
    "functorch::_remove_batch_dim(Tensor self, int level, SymInt batch_size, int out_dim) -> Tensor"sv,
    "functorch::_vmap_decrement_nesting() -> ()"sv,
    "functorch::_vmap_increment_nesting(SymInt batch_size, str randomness) -> ()"sv,
    "functorch::lazy_load_decompositions() -> ()"sv,
    "higher_order::associative_scan(Subgraph combine_graph, Tensor[] xs, Tensor[] additional, int dim=0) -> Tensor[]"sv,
    "higher_order::auto_functionalized(Any op) -> Tensor[]"sv,     // the operator's own arguments follow by name
    "higher_order::auto_functionalized_v2(Any op) -> Tensor[]"sv,  // likewise, and _all_bases, _<arg>_base_index …
    "higher_order::checkpoint(Subgraph graph, Tensor[] operands) -> Tensor[]"sv,
    "higher_order::cond(Tensor pred, Subgraph true_graph, Subgraph false_graph, Tensor[] operands) -> Tensor[]"sv,
    "higher_order::hints_wrapper(Subgraph graph, Tensor[] operands) -> Tensor[]"sv,
    "higher_order::invoke_quant(Subgraph graph, Tensor[] operands) -> Tensor[]"sv,
    "higher_order::invoke_subgraph(Subgraph graph, str identifier, Tensor[] operands) -> Tensor[]"sv,
    "higher_order::map_impl(Subgraph body_graph, Tensor[] mapped, Tensor[] additional) -> Tensor[]"sv,
    "higher_order::out_dtype(Any op, ScalarType dtype, Tensor[] operands) -> Tensor"sv,
    "higher_order::run_const_graph(Subgraph graph, Tensor[] operands) -> Tensor[]"sv,
    "higher_order::scan(Subgraph combine_graph, Tensor[] init, Tensor[] xs, Tensor[] additional, bool reverse=False, int dim=0) -> Tensor[]"sv,
    "higher_order::strict_mode(Subgraph graph, Tensor[] operands) -> Tensor[]"sv,
    "higher_order::switch(Tensor index, Subgraph[] branches, Tensor[] operands) -> Tensor[]"sv,
    "higher_order::tag_activation_checkpoint(Subgraph graph, Tensor[] operands) -> Tensor[]"sv,
    "higher_order::while_loop(Subgraph cond_graph, Subgraph body_graph, Tensor[] carried, Tensor[] additional) -> Tensor[]"sv,
    "higher_order::while_loop_stack_output(Subgraph cond_graph, Subgraph body_graph, Tensor[] carried, Tensor[] additional) -> Tensor[]"sv,
    "higher_order::with_effects(Tensor? token, Any op) -> Tensor[]"sv,  // the operator's own arguments follow
    "higher_order::wrap(Subgraph graph, Tensor[] operands) -> Tensor[]"sv,
    "higher_order::wrap_activation_checkpoint(Subgraph graph, Tensor[] operands) -> Tensor[]"sv,
    "higher_order::wrap_with_autocast(str device_type, ScalarType? dtype, bool enabled, bool? cache_enabled, Subgraph graph, Tensor[] operands) -> Tensor[]"sv,
    "higher_order::wrap_with_set_grad_enabled(bool enabled, Subgraph graph, Tensor[] operands) -> Tensor[]"sv,
    "python::_sym_sqrt(SymNumber a) -> SymNumber"sv,
    "python::add(SymNumber a, SymNumber b) -> SymNumber"sv,
    "python::and_(SymNumber a, SymNumber b) -> SymNumber"sv,
    "python::ceil(SymNumber a) -> SymNumber"sv,
    "python::eq(SymNumber a, SymNumber b) -> SymNumber"sv,
    "python::floor(SymNumber a) -> SymNumber"sv,
    "python::floordiv(SymNumber a, SymNumber b) -> SymNumber"sv,
    "python::ge(SymNumber a, SymNumber b) -> SymNumber"sv,
    "python::gt(SymNumber a, SymNumber b) -> SymNumber"sv,
    "python::le(SymNumber a, SymNumber b) -> SymNumber"sv,
    "python::lshift(SymNumber a, SymNumber b) -> SymNumber"sv,
    "python::lt(SymNumber a, SymNumber b) -> SymNumber"sv,
    "python::mod(SymNumber a, SymNumber b) -> SymNumber"sv,
    "python::mul(SymNumber a, SymNumber b) -> SymNumber"sv,
    "python::ne(SymNumber a, SymNumber b) -> SymNumber"sv,
    "python::neg(SymNumber a) -> SymNumber"sv,
    "python::not_(SymNumber a) -> SymNumber"sv,
    "python::or_(SymNumber a, SymNumber b) -> SymNumber"sv,
    "python::pos(SymNumber a) -> SymNumber"sv,
    "python::pow(SymNumber a, SymNumber b) -> SymNumber"sv,
    "python::round(SymNumber a) -> SymNumber"sv,
    "python::rshift(SymNumber a, SymNumber b) -> SymNumber"sv,
    "python::sqrt(SymNumber a) -> SymNumber"sv,
    "python::sub(SymNumber a, SymNumber b) -> SymNumber"sv,
    "python::sym_float(SymNumber a) -> SymNumber"sv,
    "python::sym_int(SymNumber a) -> SymNumber"sv,
    "python::sym_ite(SymNumber b, SymNumber t, SymNumber f) -> SymNumber"sv,
    "python::sym_max(SymNumber a, SymNumber b) -> SymNumber"sv,
    "python::sym_min(SymNumber a, SymNumber b) -> SymNumber"sv,
    "python::sym_not(SymNumber a) -> SymNumber"sv,
    "python::truediv(SymNumber a, SymNumber b) -> SymNumber"sv,
    "python::trunc(SymNumber a) -> SymNumber"sv,
    "python::xor(SymNumber a, SymNumber b) -> SymNumber"sv,
    "torchvision::deform_conv2d(Tensor input, Tensor weight, Tensor offset, Tensor mask, Tensor bias, SymInt stride_h, SymInt stride_w, SymInt pad_h, SymInt pad_w, SymInt dilation_h, SymInt dilation_w, SymInt groups, SymInt offset_groups, bool use_mask) -> Tensor"sv,
    "torchvision::nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"sv,
    "torchvision::ps_roi_align(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt pooled_width, int sampling_ratio) -> (Tensor, Tensor)"sv,
    "torchvision::ps_roi_pool(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt pooled_width) -> (Tensor, Tensor)"sv,
    "torchvision::roi_align(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt pooled_width, int sampling_ratio, bool aligned) -> Tensor"sv,
    "torchvision::roi_pool(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt pooled_width) -> (Tensor, Tensor)"sv,
};
static_assert(std::ranges::is_sorted(kPseudo, {}, NameOf));

}  // namespace

std::span<const std::string_view> PseudoSchemas() { return kPseudo; }

}  // namespace fairlead::aten_detail
