/* fl.p.ep/1: an execution provider, which loads ONNX models and runs them.
 *
 *   create → load → info, port… → run, run, … → unload → destroy
 *
 * The host sets `size` of a struct it wants filled to what it knows, and a plugin writes no more than that.
 *
 * The host calls create, load, unload and destroy of one provider on one thread at a time; `run` of one model too unless
 * its info says otherwise. Different models may run at once. */
#ifndef FAIRLEAD_SDK_ABI_P_EP_H_
#define FAIRLEAD_SDK_ABI_P_EP_H_

#include <fairlead/sdk/abi/core.h>
#include <fairlead/sdk/abi/exec.h>

#ifdef __cplusplus
extern "C" {
#endif
#define FL_P_EP_ID "fl.p.ep/1"

typedef struct fl_ep fl_ep;             /* the plugin's: a provider on one device */
typedef struct fl_ep_model fl_ep_model; /* the plugin's: a loaded model */

/* One call into the provider. A plugin keeps no global state: settings are read with core->option, errors said with
 * core->fail. */
typedef struct fl_ep_call {
  uint32_t size, reserved0;
  fl_ctx* ctx;
  const fl_host* host;
  const fl_core* core;
  const fl_exec* exec; /* usable inside `run` */
} fl_ep_call;

typedef struct fl_device {
  uint32_t size;
  fl_device_kind kind;
  int32_t index; /* among those of its kind */
  int32_t reserved0;
  uint64_t memory; /* bytes; 0 when it is the machine's */
  fl_str name;     /* "CPU", "NVIDIA H200"; valid until the call ends */
} fl_device;

typedef struct fl_ep_config {
  uint32_t size;
  fl_device_kind device_kind; /* one that `device` gave */
  int32_t device_index;
  int32_t reserved0;
} fl_ep_config;

/* An ONNX model: a file, or its bytes. Both absent is FL_INVALID_ARGUMENT. */
typedef struct fl_ep_source {
  uint32_t size, reserved0;
  fl_str path;       /* absolute; with bytes: where external data is looked for. Absent: no external data */
  const void* bytes; /* null: read the file. The plugin copies what it keeps */
  uint64_t nbytes;
} fl_ep_source;

typedef struct fl_ep_info {
  uint32_t size;
  int32_t may_run_concurrently; /* 1: `run` of this model may be called from several threads at once */
  uint64_t n_inputs, n_outputs;
} fl_ep_info;

typedef struct fl_port_dim {
  int64_t size;  /* -1 when symbolic or unknown */
  fl_str symbol; /* absent: static, or unknown when size is -1 */
} fl_port_dim;

typedef int32_t fl_port_direction;
enum { FL_PORT_INPUT = 1, FL_PORT_OUTPUT = 2 };

/* An input or output; what it points to is valid until `unload`. */
typedef struct fl_port {
  uint32_t size;
  int32_t dtype; /* ONNX number */
  fl_str name;
  const fl_port_dim* dims; /* `rank` of them */
  int64_t rank;            /* -1: any */
  int32_t has_default;     /* 1: an input that may be left out, because an initializer of the same name stands for it */
  int32_t reserved0;
} fl_port;

typedef struct fl_p_ep {
  uint32_t size, reserved0;
  fl_str name; /* [a-z0-9_-], what the user says: --ep ort */
  /* What this machine has, one by one; FL_NOT_FOUND past the last. FL_UNAVAILABLE with a reason when the library or driver
   * behind the provider is missing. */
  fl_status (*device)(const fl_ep_call*, uint64_t index, fl_device* out) FL_NOEXCEPT;
  /* FL_UNAVAILABLE with a reason when the device cannot be used. */
  fl_status (*create)(const fl_ep_call*, const fl_ep_config*, fl_ep** out) FL_NOEXCEPT;
  void (*destroy)(fl_ep*) FL_NOEXCEPT;
  /* The provider in words, with the version of what it runs on: "onnxruntime 1.31.1 CPU"; valid until `destroy`. */
  fl_status (*describe)(const fl_ep_call*, fl_ep*, fl_str* out) FL_NOEXCEPT;
  /* FL_UNIMPLEMENTED when the provider has no kernel for something in the model, FL_INVALID_ARGUMENT when it refuses the
   * model itself. */
  fl_status (*load)(const fl_ep_call*, fl_ep*, const fl_ep_source*, fl_ep_model** out) FL_NOEXCEPT;
  void (*unload)(fl_ep_model*) FL_NOEXCEPT;
  fl_status (*info)(const fl_ep_call*, fl_ep_model*, fl_ep_info* out) FL_NOEXCEPT;
  /* Inputs with a default may come in any place. FL_NOT_FOUND past the last. */
  fl_status (*port)(const fl_ep_call*, fl_ep_model*, fl_port_direction, uint64_t index, fl_port* out) FL_NOEXCEPT;
  /* Reads inputs with exec->input and gives every output through exec->output. Sizes may differ from call to call where
   * the ports allow it. */
  fl_status (*run)(const fl_ep_call*, fl_ep_model*) FL_NOEXCEPT;
} fl_p_ep;

#ifdef __cplusplus
}
#endif
#endif
