#include <fairlead/sdk/plugin.hpp>

#include "families.hpp"

namespace fairlead::aten {

constexpr Family kFamilies[] = {
    {"activation", ActivationLowerings},
    {"airy", AiryLowerings},
    {"antialias", AntialiasLowerings},
    {"attention", AttentionLowerings},
    {"bessel", BesselLowerings},
    {"binary", BinaryLowerings},
    {"bitwise", BitwiseLowerings},
    {"class_loss", ClassLossLowerings},
    {"comparison", ComparisonLowerings},
    {"control_flow", ControlFlowLowerings},
    {"conversion", ConversionLowerings},
    {"convolution", ConvolutionLowerings},
    {"creation", CreationLowerings},
    {"diagonal", DiagonalLowerings},
    {"distance", DistanceLowerings},
    {"embedding_bag", EmbeddingBagLowerings},
    {"error_function", ErrorFunctionLowerings},
    {"gamma", GammaLowerings},
    {"histogram", HistogramLowerings},
    {"incomplete_gamma", IncompleteGammaLowerings},
    {"indexing", IndexingLowerings},
    {"linear_algebra", LinearAlgebraLowerings},
    {"loss", LossLowerings},
    {"matrix", MatrixLowerings},
    {"modified_bessel", ModifiedBesselLowerings},
    {"normalization", NormalizationLowerings},
    {"number", NumberLowerings},
    {"order", OrderLowerings},
    {"polynomial", PolynomialLowerings},
    {"pooling", PoolingLowerings},
    {"products", ProductsLowerings},
    {"random", RandomLowerings},
    {"recurrent", RecurrentLowerings},
    {"recurrent_cell", RecurrentCellLowerings},
    {"reduction", ReductionLowerings},
    {"repetition", RepetitionLowerings},
    {"resize", ResizeLowerings},
    {"sampling", SamplingLowerings},
    {"scan", ScanLowerings},
    {"scatter", ScatterLowerings},
    {"shape", ShapeLowerings},
    {"solvers", SolverLowerings},
    {"sorting", SortingLowerings},
    {"spacing", SpacingLowerings},
    {"stacking", StackingLowerings},
    {"strided", StridedLowerings},
    {"symbolic", SymbolicLowerings},
    {"transformer", TransformerLowerings},
    {"unary", UnaryLowerings},
    {"unfolding", UnfoldingLowerings},
    {"unpooling", UnpoolingLowerings},
    {"zeta", ZetaLowerings},
};

}  // namespace fairlead::aten

FL_PLUGIN("fairlead.aten", "0.1.0", "ATen lowerings", fairlead::aten::kFamilies)
