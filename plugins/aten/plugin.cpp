#include <fairlead/sdk/plugin.hpp>

#include "families.hpp"

namespace fairlead::aten {

constexpr Family kFamilies[] = {
    {"activation", ActivationLowerings},
    {"antialias", AntialiasLowerings},
    {"attention", AttentionLowerings},
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
    {"histogram", HistogramLowerings},
    {"indexing", IndexingLowerings},
    {"linear_algebra", LinearAlgebraLowerings},
    {"loss", LossLowerings},
    {"matrix", MatrixLowerings},
    {"normalization", NormalizationLowerings},
    {"number", NumberLowerings},
    {"order", OrderLowerings},
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
};

}  // namespace fairlead::aten

FL_PLUGIN("fairlead.aten", "0.1.0", "ATen lowerings", fairlead::aten::kFamilies)
