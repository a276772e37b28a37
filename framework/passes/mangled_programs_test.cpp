// Programs whose arguments and types have been tampered with: every pass ends in a Status and a whole graph, never in a
// crash and never in FL7012. Archives are not to be trusted, and a frontend checks structure only.
#include <random>

#include "passes/test_program.hpp"

namespace fairlead {
namespace {

constexpr std::string_view kPrograms[] = {
    R"(agraph (float[2,3] x, float[3] m, float[3] v) => (float[2,3] y, float[3,2] t) {
      y = aten::neg.default(self=x)
      t = aten::t.default(self=y)
      f = aten::view.default(self=y, size=[6])
      s = aten::slice.Tensor(self=f, dim=0, start=1, end=3)
      a = aten::add_.Tensor(self=s, other=1)
      [p, q] = aten::split.Tensor(self=y, split_size=1, dim=0)
      z = aten::zero_.default(self=q)
      d = aten::diagonal.default(self=y, offset=0, dim1=0, dim2=1)
      r = aten::copy_.default(self=d, src=m)
      u = aten::unsqueeze_.default(self=y, dim=0)
      w = aten::as_strided.default(self=y, size=[2], stride=[1], storage_offset=0)
      e = aten::fill_.Scalar(self=w, value=2)
      b = aten::batch_norm.default(input=y, weight=none, bias=none, running_mean=m, running_var=v, training=true, momentum=0.1, eps=0.00001, cudnn_enabled=true)
      i = aten::instance_norm.default(input=y, weight=none, bias=none, running_mean=m, running_var=v, use_input_stats=true, momentum=0.1, eps=0.00001, cudnn_enabled=true)
    })",
    R"(agraph (bool[] p, float[2] x, int64[1] i) => (float[2] y, float[2] r) {
      y = aten::neg.default(self=x)
      n = aten::item.default(self=i)
      o = python::ge.default(a=n, b=0)
      aten::_assert_scalar.default(self=o, assert_msg="n")
      l = aten::narrow.default(self=y, dim=0, start=n, length=1)
      f = aten::fill_diagonal_.default(self=l, fill_value=1)
      [r] = higher_order::cond.default(pred=p,
        true_graph=agraph t (float[2] a) => (float[2] c) { b = aten::add_.Tensor(self=a, other=1) c = aten::relu.default(self=a) },
        false_graph=agraph g (float[2] d) => (float[2] e) { e = aten::neg.default(self=d) }, operands=[y])
      [w] = higher_order::wrap_with_autocast.default(device_type="cpu", dtype=bfloat16, enabled=true, cache_enabled=none,
        graph=agraph h (float[2] q) => (float[2] s) { s = aten::relu.default(self=q) }, operands=[y])
      k = aten::mul.out(self=w, other=y, out=y)
      z = aten::index_put_.default(self=y, indices=[i], values=k)
    })",
    R"(agraph (float[3,4] x, float[3,4] y, float[4] b) => (float[3,4] z, float[4] w) {
      functorch::_vmap_increment_nesting.default(batch_size=3, randomness="error")
      a = functorch::_add_batch_dim.default(self=x, batch_dim=0, level=1)
      c = functorch::_add_batch_dim.default(self=y, batch_dim=0, level=1)
      s = aten::sum.default(self=a)
      d = aten::add.Tensor(self=c, other=s)
      e = aten::matmul.default(self=c, other=a)
      f = aten::mul.Tensor(self=d, other=e)
      g = aten::reshape.default(self=f, shape=[-1])
      h = aten::cat.default(tensors=[g, b], dim=0)
      z = functorch::_remove_batch_dim.default(self=h, level=1, batch_size=3, out_dim=0)
      [none, w] = higher_order::auto_functionalized_v2.default(op=op(acme::scale_.default), _x_base_index=0, _x_slice_dim=0, _x_slice_start=1, _x_slice_end=3, _all_bases=[b])
      [t, q] = higher_order::with_effects.default(token=b, op=op(aten::relu.default), self=b)
    })",
    R"(agraph (float[8,2] x, float[8] w, int64[1] i) => (complex64[8] k, complex64[8] u, bool[] z) {
      c = aten::view_as_complex.default(self=x)  # complex64[8]
      p = aten::polar.default(abs=w, angle=w)  # complex64[8]
      q = aten::lerp.Scalar(self=c, end=p, weight=0.5)  # complex64[8]
      a = aten::add.Tensor(self=q, other=2, alpha=3)  # complex64[8]
      n = aten::eq.Tensor(self=a, other=c)  # bool[8]
      k = aten::where.self(condition=n, self=a, other=p)  # complex64[8]
      j = aten::index.Tensor(self=k, indices=[i])  # complex64[1]
      d = aten::pow.Tensor_Scalar(self=c, exponent=2.5)  # complex64[8]
      g = aten::dot.default(self=d, tensor=c)  # complex64[]
      u = aten::addcmul.default(self=d, tensor1=g, tensor2=j, value=0.5)  # complex64[8]
      z = aten::any.default(self=u)  # bool[]
    })",
    R"(agraph (float[8] w, complex64[8] y) => (float[9] o, double[13,2] b, float[8] r, float[] l) {
      f = aten::fft_fft.default(self=y, n=8, dim=-1, norm="ortho")  # complex64[8]
      h = aten::fft_rfft.default(self=w, n=none, dim=-1, norm=none)  # complex64[5]
      s = aten::stft.center(self=w, n_fft=4, hop_length=2, win_length=none, window=none, center=true, pad_mode="reflect", normalized=false, onesided=none, return_complex=true)  # complex64[3,5]
      o = aten::istft.default(self=s, n_fft=4, hop_length=2, win_length=none, window=none, center=true, normalized=false, onesided=none, length=9, return_complex=false)  # float[9]
      t = aten::cat.default(tensors=[f, h], dim=0)  # complex64[13]
      v = aten::_to_copy.default(self=t, dtype=complex128)  # complex128[13]
      b = aten::view_as_real.default(self=v)  # double[13,2]
      l = aten::var.correction(self=t, dim=none, correction=1, keepdim=false)  # float[]
      r = aten::abs.default(self=f)  # float[8]
    })",
};

class Mangler {
 public:
  explicit Mangler(uint32_t seed) : random_(seed), with_complex_(Below(3) == 0) {}

  void Mangle(Graph& graph) {
    GiveTypes(graph);
    for (int i = 0; i < 3; ++i) {
      if (graph.order().empty()) return;
      Node& node = graph.node(graph.order()[Below(graph.order().size())]);
      std::vector<Graph*> nested;
      ForEachSubgraph(node, [&](Graph& inner) { nested.push_back(&inner); });
      if (!nested.empty() && Below(2) == 0)
        Mangle(*nested[Below(nested.size())]);
      else
        MangleNode(node);
    }
  }

 private:
  std::size_t Below(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }

  // Most values get some recorded type, as torch.export gives them one. Complex ones stand in a third of the programs:
  // among other types they contradict nearly every operator, and a program that is refused early shows little.
  void GiveTypes(Graph& graph) {
    constexpr DType kTypes[] = {DType::kFloat, DType::kFloat, DType::kBFloat16,
                                DType::kInt64, DType::kBool,  DType::kComplex64};
    constexpr int64_t kSizes[] = {0, 1, 2, 3, 4, 6, INT64_MAX};
    for (ValueId value = 0; value < graph.value_count(); ++value) {
      if (graph.value(value).type.IsTensor() && Below(8) != 0) continue;
      if (Below(10) == 0) continue;
      Dims dims;
      for (std::size_t rank = Below(4); rank > 0; --rank)
        dims.push_back(Below(5) == 0 ? Dim("n") : Below(9) == 0 ? Dim() : Dim(kSizes[Below(std::size(kSizes))]));
      Type type(kTypes[Below(std::size(kTypes) - (with_complex_ ? 0 : 1))], dims);
      for (std::size_t i = 0; i < dims.size() + (Below(9) == 0); ++i)
        if (Below(4) != 0) type.strides.push_back(Dim(kSizes[Below(std::size(kSizes))]));
      graph.value(value).type = std::move(type);
    }
  }

  AttributeValue AnyValue() {
    switch (Below(9)) {
      case 0: return None{};
      case 1: return int64_t{INT64_MIN};
      case 2: return int64_t{INT64_MAX};
      case 3: return static_cast<int64_t>(Below(9)) - 4;
      case 4: return 0.5;
      case 5: return std::string("text");
      case 6: return std::vector<int64_t>{-1, 0, 5, INT64_MAX};
      case 7: return std::vector<int64_t>{};
      default: return Below(2) == 0;
    }
  }

  // References stay within the inputs, and every input stays referred to: a frontend sees to that.
  void MangleNode(Node& node) {
    if (node.attributes.empty()) return;
    Attribute& attribute = node.attributes[Below(node.attributes.size())];
    if (auto* ref = std::get_if<ValueRef>(&attribute.value)) {
      if (Below(2) == 0) attribute.value = ValueRefs{{*ref}};
    } else if (auto* refs = std::get_if<ValueRefs>(&attribute.value)) {
      if (refs->items.size() == 1) attribute.value = ValueRef(refs->items[0]);
    } else if (!std::holds_alternative<GraphPtr>(attribute.value)) {
      if (Below(3) == 0)
        node.attributes.erase(node.attributes.begin() + (&attribute - node.attributes.data()));
      else
        attribute.value = AnyValue();
    }
  }

  std::mt19937 random_;
  bool with_complex_;
};

TEST(MangledPrograms, EndInAStatusAndAWholeGraph) {
  std::size_t refused = 0;
  constexpr uint32_t kSeeds = 1500;
  for (uint32_t seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    ExportedProgram program = ProgramFrom(kPrograms[seed % std::size(kPrograms)]);
    Mangler(seed).Mangle(program.graph);
    if (!VerifyGraph(program.graph).ok()) continue;
    Diagnostics diagnostics;
    PassContext context{.diagnostics = diagnostics};
    const Status status = RunProgramPasses(program, context, {});
    refused += !status.ok();
    if (status.ok()) {
      EXPECT_TRUE(VerifyGraph(program.graph).ok()) << VerifyGraph(program.graph).message();
    } else {
      EXPECT_NE(status.error().rule, "FL7012") << status.error().message;
    }
  }
  EXPECT_GT(refused, 100u);
  EXPECT_LT(refused, kSeeds - 100u);
}

}  // namespace
}  // namespace fairlead
