// Which rule stands for which operator.
#include <algorithm>
#include <ranges>
#include <unordered_map>

#include "passes/complex_rules.hpp"

namespace fairlead {

ComplexRules::Rule ComplexRules::Find(std::string_view type) {
  using R = ComplexRules;
  struct Group {
    Rule rule;
    std::string_view types;
  };
  static constexpr Group kGroups[] = {
      {&R::Componentwise,
       "_chunk_cat _reshape_alias _unsafe_masked_index _unsafe_masked_index_put_accumulate alias as_strided "
       "as_strided_scatter atleast_1d atleast_2d atleast_3d block_diag broadcast_tensors broadcast_to "
       "cartesian_prod cat channel_shuffle chunk clone col2im column_stack combinations constant_pad_nd "
       "contiguous cumsum cumulative_trapezoid detach diag diag_embed diagflat diagonal diagonal_scatter diff "
       "dsplit dstack expand expand_as fft_fftshift fft_ifftshift fill flatten flip fliplr flipud full full_like "
       "gather hsplit hstack im2col index index_add index_copy index_fill index_put index_select lift_fresh "
       "linspace mT masked_fill masked_scatter masked_select matrix_T mean meshgrid movedim narrow neg new_full "
       "numpy_T pad permute pixel_shuffle pixel_unshuffle positive put ravel repeat repeat_interleave reshape "
       "reshape_as roll rot90 scalar_tensor scatter scatter_add select select_scatter slice slice_scatter split "
       "split_with_sizes squeeze stack sum sum_to_size swapaxes swapdims t take take_along_dim tensor_split tile "
       "trace transpose trapezoid tril triu unbind unflatten unfold unsqueeze view view_as vsplit vstack where"},
      {&R::RealNumbers,
       "zeros ones eye empty zeros_like ones_like empty_like new_zeros new_ones new_empty empty_strided "
       "new_empty_strided empty_permuted"},
      {&R::ShapeDonor, "sym_size sym_numel rand_like randn_like randint_like"},
      {&R::Copy, "_to_copy to type_as"},
      {&R::FromPair, "view_as_complex"},
      {&R::ToPair, "view_as_real"},
      {&R::FromParts, "complex"},
      {&R::Polar, "polar"},
      {&R::Part, "real imag"},
      {&R::Unary,
       "_conj conj _conj_physical conj_physical resolve_conj resolve_neg _neg_view "
       "reciprocal sgn square exp exp2 expm1 log log2 log10 log1p sqrt rsqrt sin cos tan sinh cosh tanh sigmoid "
       "silu"},
      {&R::Adjoint, "adjoint mH matrix_H"},
      {&R::Binary, "mul div true_divide ldexp"},
      {&R::AddScaled, "add sub rsub"},
      {&R::AddScaledProduct, "addcmul addcdiv"},
      {&R::Lerp, "lerp"},
      {&R::Power, "pow float_power"},
      {&R::Equality, "eq ne"},
      {&R::Question, "isfinite isnan isinf isreal"},
      {&R::Truth,
       "any all count_nonzero nonzero nonzero_numpy nonzero_static argwhere logical_not logical_and logical_or "
       "logical_xor"},
      {&R::Magnitude, "abs angle"},
      {&R::OfAbs, "linalg_vector_norm linalg_matrix_norm linalg_norm norm"},
      {&R::Spread, "var std"},
      {&R::Product,
       "mm bmm matmul mv dot vdot inner outer kron tensordot linear einsum linalg_cross cross convolution conv1d "
       "conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d linalg_vecdot"},
      {&R::AddedProduct, "addmm addmv addr addbmm baddbmm"},
  };
  static const auto kTable = [] {
    std::unordered_map<std::string_view, Rule> out;
    for (const Group& group : kGroups)
      for (const auto word : std::views::split(group.types, ' '))
        out.emplace(std::string_view(word.begin(), word.end()), group.rule);
    return out;
  }();
  const auto found = kTable.find(type);
  return found == kTable.end() ? FindFourier(type) : found->second;
}

bool ComplexRules::IsComplexOperator(const OpName& op) {
  constexpr std::string_view kTypes[] = {"_conj", "complex", "polar", "view_as_complex", "view_as_real"};
  return op.domain == "aten" && (FindFourier(op.type) != nullptr || std::ranges::find(kTypes, op.type) != std::end(kTypes));
}

}  // namespace fairlead
