// The plugin's families of lowerings; plugin.cpp lists them in the order the host sees them.
#pragma once

#include <fairlead/sdk/lowering.hpp>

namespace fairlead::aten {

std::span<const Lowering> ActivationLowerings();
std::span<const Lowering> AiryLowerings();
std::span<const Lowering> AntialiasLowerings();
std::span<const Lowering> AttentionLowerings();
std::span<const Lowering> BesselLowerings();
std::span<const Lowering> BinaryLowerings();
std::span<const Lowering> BitwiseLowerings();
std::span<const Lowering> ClassLossLowerings();
std::span<const Lowering> ComparisonLowerings();
std::span<const Lowering> ControlFlowLowerings();
std::span<const Lowering> ConversionLowerings();
std::span<const Lowering> ConvolutionLowerings();
std::span<const Lowering> CreationLowerings();
std::span<const Lowering> DiagonalLowerings();
std::span<const Lowering> DistanceLowerings();
std::span<const Lowering> EmbeddingBagLowerings();
std::span<const Lowering> ErrorFunctionLowerings();
std::span<const Lowering> FourierLowerings();
std::span<const Lowering> GammaLowerings();
std::span<const Lowering> HistogramLowerings();
std::span<const Lowering> IncompleteGammaLowerings();
std::span<const Lowering> IndexingLowerings();
std::span<const Lowering> IterationLowerings();
std::span<const Lowering> LinearAlgebraLowerings();
std::span<const Lowering> LossLowerings();
std::span<const Lowering> MatrixLowerings();
std::span<const Lowering> ModifiedBesselLowerings();
std::span<const Lowering> NormalizationLowerings();
std::span<const Lowering> NumberLowerings();
std::span<const Lowering> OrderLowerings();
std::span<const Lowering> PolynomialLowerings();
std::span<const Lowering> PoolingLowerings();
std::span<const Lowering> ProductsLowerings();
std::span<const Lowering> RandomLowerings();
std::span<const Lowering> RecurrentLowerings();
std::span<const Lowering> RecurrentCellLowerings();
std::span<const Lowering> ReductionLowerings();
std::span<const Lowering> RepetitionLowerings();
std::span<const Lowering> ResizeLowerings();
std::span<const Lowering> SamplingLowerings();
std::span<const Lowering> ScanLowerings();
std::span<const Lowering> ScatterLowerings();
std::span<const Lowering> ShapeLowerings();
std::span<const Lowering> SolverLowerings();
std::span<const Lowering> SortingLowerings();
std::span<const Lowering> SpacingLowerings();
std::span<const Lowering> StackingLowerings();
std::span<const Lowering> StridedLowerings();
std::span<const Lowering> SymbolicLowerings();
std::span<const Lowering> TransformerLowerings();
std::span<const Lowering> UnaryLowerings();
std::span<const Lowering> UnfoldingLowerings();
std::span<const Lowering> UnpoolingLowerings();
std::span<const Lowering> ZetaLowerings();

}  // namespace fairlead::aten
