/* fl.graph/1: reading an ONNX graph. All functions are for the thread of the call that gave the graph; handles and pointers
 * are valid until that call ends. Lists come in the two-call form: at most `capacity` entries are written, `total` is set
 * to their number, `out` may be null with capacity 0. A struct to be filled has its `size` set by the caller: the room it
 * has. */
#ifndef FAIRLEAD_SDK_ABI_GRAPH_H_
#define FAIRLEAD_SDK_ABI_GRAPH_H_

#include <fairlead/sdk/abi/build.h>
#include <fairlead/sdk/abi/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif
#define FL_GRAPH_ID "fl.graph/1"

typedef struct fl_op {
  uint32_t size, reserved0;
  fl_str domain; /* empty = ONNX's own */
  fl_str type;   /* "Conv" */
} fl_op;

/* Where a node stands in the user's program; parts that are unknown are absent. */
typedef struct fl_source {
  uint32_t size;
  int32_t line;       /* 0 when unknown */
  fl_str module_path; /* "encoder.layers.0.attn" */
  fl_str file, function, code;
} fl_source;

typedef struct fl_graphs {
  uint32_t size, reserved0;
  fl_status (*name)(fl_ctx*, fl_graph, fl_str* out);
  /* The version of a domain that the model imports (empty = ONNX's own). FL_NOT_FOUND when it does not. */
  fl_status (*opset)(fl_ctx*, fl_graph, fl_str domain, uint32_t* out);
  /* The graph around a nested one; 0 for the main graph. */
  fl_status (*parent)(fl_ctx*, fl_graph, fl_graph* out);
  fl_status (*inputs)(fl_ctx*, fl_graph, fl_value* out, uint64_t capacity, uint64_t* total);
  fl_status (*outputs)(fl_ctx*, fl_graph, fl_value* out, uint64_t capacity, uint64_t* total);
  /* Values that have a tensor: see value_tensor. */
  fl_status (*initializers)(fl_ctx*, fl_graph, fl_value* out, uint64_t capacity, uint64_t* total);
  /* In order of execution; those of nested graphs are not among them. */
  fl_status (*nodes)(fl_ctx*, fl_graph, fl_node* out, uint64_t capacity, uint64_t* total);

  fl_status (*node_op)(fl_ctx*, fl_node, fl_op* out);
  fl_status (*node_name)(fl_ctx*, fl_node, fl_str* out); /* may be empty */
  fl_status (*node_graph)(fl_ctx*, fl_node, fl_graph* out);
  fl_status (*node_source)(fl_ctx*, fl_node, fl_source* out);
  fl_status (*node_inputs)(fl_ctx*, fl_node, fl_value* out, uint64_t capacity, uint64_t* total); /* id 0: left out */
  fl_status (*node_outputs)(fl_ctx*, fl_node, fl_value* out, uint64_t capacity, uint64_t* total);
  /* Attributes by index; FL_NOT_FOUND past the last. A TENSOR's `data` points to an fl_tensor, a GRAPH's to an fl_graph. */
  fl_status (*attribute)(fl_ctx*, fl_node, uint64_t index, fl_attr* out);
  fl_status (*attribute_by_name)(fl_ctx*, fl_node, fl_str name, fl_attr* out);

  fl_status (*value_name)(fl_ctx*, fl_value, fl_str* out);
  /* FL_NOT_FOUND for an input or an initializer. A value that a nested graph reads from outside is the outer value. */
  fl_status (*value_producer)(fl_ctx*, fl_value, fl_node* out);
  /* The nodes that read the value, nested graphs included, each once. A graph's output is no user. */
  fl_status (*value_users)(fl_ctx*, fl_value, fl_node* out, uint64_t capacity, uint64_t* total);
  /* The tensor of an initializer or of a Constant node's output. FL_NOT_FOUND for other values. */
  fl_status (*value_tensor)(fl_ctx*, fl_value, fl_tensor* out);
} fl_graphs;

#ifdef __cplusplus
}
#endif
#endif
