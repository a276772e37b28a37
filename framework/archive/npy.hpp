// numpy's .npy form of one array: a Python literal that says the type, then the elements.
#pragma once

#include <string>
#include <string_view>

#include "archive/content.hpp"
#include "base/status.hpp"
#include "ir/tensor.hpp"

namespace fairlead {

// Format versions 1 to 3, both orders of elements and of bytes. A view into `content`, except where bytes are swapped.
// FL1001 naming `name` for types that are no numbers (text, objects, records) and for sizes that do not match the bytes.
Result<Tensor> ReadNpy(const Content& content, std::string_view name);

// The header before the dense elements, padded so that they begin at a multiple of 64. Empty for a type that numpy does
// not have (bfloat16, float8).
std::string NpyHeader(const Tensor& tensor);

}  // namespace fairlead
