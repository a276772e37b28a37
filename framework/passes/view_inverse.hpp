// Writing through a view: the parent's new value once the view's elements have been replaced.
//
//   v = aten::select.int(self=x, dim=0, index=1);  v becomes w
//   →  x' = aten::select_scatter.default(self=x, src=w, dim=0, index=1)
#pragma once

#include "base/status.hpp"
#include "ir/graph.hpp"
#include "passes/node_edit.hpp"

namespace fairlead {

// Emits the nodes that give `parent` after result number `result` of the view node `view` became `written`. `parent` is the
// parent's value before the write, of type `parent_type`. FL5004 when the view operator has no inverse (an expanded tensor:
// several elements of the view are one of the parent).
Result<ValueId> WriteThroughView(NodeEmitter& emitter, const Node& view, std::size_t result, ValueId parent,
                                 const Type& parent_type, ValueId written);

// `value` with the elements of a tensor of type `like` and its sizes; `like_value` is such a tensor, for sizes that are
// symbolic.
ValueId EmitViewAs(NodeEmitter& emitter, ValueId value, const Type& like, ValueId like_value, SourceId source);

// The type without what only holds while a value is a view: strides and offset.
Type WithoutStrides(Type type);

}  // namespace fairlead
