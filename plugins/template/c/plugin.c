/* The smallest complete plugin in C: a lowering for an operator of ours, one for an operator of PyTorch, and a rule.
 *
 * It keeps no state, allocates nothing and runs nothing when it is loaded: all tables are constants. */
#include <fairlead/sdk/abi/manifest.h>
#include <fairlead/sdk/abi/p_lowering.h>
#include <fairlead/sdk/abi/p_rule.h>
#include <stdio.h>
#include <string.h>

#define ID "com.acme.c"
#define VERSION "1.0.0"
FL_MANIFEST(ID, VERSION, FL_KIND_LOWERING | FL_KIND_RULE)

/* FL_STR is an expression; this is its form for constants. */
#define TEXT(literal) \
  { literal, sizeof(literal) - 1 }

/* ---- what lowerings are made of. A status other than FL_OK is handed on at once: the host rolls back and has the message.
 */

static fl_status ReadArgument(const fl_call* call, fl_str name, fl_arg* argument) {
  memset(argument, 0, sizeof *argument);
  argument->size = sizeof *argument;
  return call->aten->arg(call->ctx, call->node, name, argument);
}

/* An ONNX node with one output, and one integer attribute when `attribute` is not null. */
static fl_status Emit(const fl_call* call, fl_str op, const fl_value* inputs, uint64_t n_inputs, const fl_attr* attribute,
                      fl_value* output) {
  const fl_emit emit = {
      .size = sizeof emit,
      .op = op,
      .inputs = inputs,
      .n_inputs = n_inputs,
      .attrs = attribute,
      .n_attrs = attribute != NULL ? 1 : 0,
      .attr_stride = sizeof *attribute,
      .n_outputs = 1,
  };
  return call->build->emit(call->ctx, &emit, output);
}

/* A number as a scalar of the given data type. */
static fl_status Scalar(const fl_call* call, double number, int32_t dtype, fl_value* output) {
  const fl_constant constant = {
      .size = sizeof constant, .dtype = 11 /* double */, .data = &number, .nbytes = sizeof number};
  const fl_attr to = {.size = sizeof to, .kind = FL_ATTR_INT, .name = TEXT("to"), .i = dtype};
  fl_value wide;
  fl_status status = call->build->constant(call->ctx, &constant, &wide);
  if (status != FL_OK) return status;
  return Emit(call, FL_STR("Cast"), &wide, 1, &to, output);
}

/* ---- lowerings */

/* scale * max(x, 0) */
static fl_status LowerScaledRelu(const fl_call* call, const fl_lowering* self) {
  (void)self;
  fl_arg x, scale;
  fl_status status = ReadArgument(call, FL_STR("x"), &x);
  if (status == FL_OK) status = ReadArgument(call, FL_STR("scale"), &scale);
  if (status != FL_OK) return status;

  fl_type type = {.size = sizeof type};
  status = call->build->type(call->ctx, x.value, &type);
  if (status != FL_OK) return status;
  if (scale.f64 < 0) {
    char message[96];
    const int length = snprintf(message, sizeof message, "scale is %g, only numbers from 0 are lowered", scale.f64);
    const fl_str text = {message, (uint64_t)length};
    return call->core->fail(call->ctx, FL_UNIMPLEMENTED, text);
  }

  fl_value factors[2], product;
  status = Emit(call, FL_STR("Relu"), &x.value, 1, NULL, &factors[0]);
  if (status == FL_OK) status = Scalar(call, scale.f64, type.dtype, &factors[1]);
  if (status == FL_OK) status = Emit(call, FL_STR("Mul"), factors, 2, NULL, &product);
  if (status != FL_OK) return status;
  return call->build->results(call->ctx, &product, 1);
}

/* x * sigmoid(x), before the lowering that comes with Fairlead: see the priority in its row. */
static fl_status LowerSilu(const fl_call* call, const fl_lowering* self) {
  (void)self;
  fl_arg x;
  fl_status status = ReadArgument(call, FL_STR("self"), &x);
  if (status != FL_OK) return status;
  fl_value factors[2] = {x.value}, product;
  status = Emit(call, FL_STR("Sigmoid"), &x.value, 1, NULL, &factors[1]);
  if (status == FL_OK) status = Emit(call, FL_STR("Mul"), factors, 2, NULL, &product);
  if (status != FL_OK) return status;
  return call->build->results(call->ctx, &product, 1);
}

static const fl_lowering kLowerings[] = {
    {
        .size = sizeof(fl_lowering),
        .authored_opset = 18,
        .schema = TEXT("acme::scaled_relu(Tensor x, float scale) -> Tensor"),
        .note = TEXT("scale * max(x, 0)"),
        .lower = LowerScaledRelu,
    },
    {
        .size = sizeof(fl_lowering),
        .priority = 100,
        .authored_opset = 18,
        .schema = TEXT("aten::silu(Tensor self) -> Tensor"),
        .lower = LowerSilu,
    },
};

static fl_status GetFamily(uint32_t index, fl_lowering_family* out) {
  const fl_lowering_family activation = {
      .size = sizeof activation,
      .stride = sizeof kLowerings[0],
      .name = TEXT("activation"),
      .rows = kLowerings,
      .count = sizeof kLowerings / sizeof kLowerings[0],
  };
  if (index != 0) return FL_NOT_FOUND;
  *out = activation;
  return FL_OK;
}

static const fl_p_lowering kLoweringTable = {sizeof(fl_p_lowering), 1, GetFamily};

/* ---- a rule: our accelerator has no Relu on double */

static fl_status CheckRelu(const fl_rule_call* call, const fl_rule* self) {
  (void)self;
  fl_value x;
  uint64_t n_inputs;
  fl_status status = call->graphs->node_inputs(call->ctx, call->node, &x, 1, &n_inputs);
  if (status != FL_OK || n_inputs == 0) return status;
  fl_value_type type = {.size = sizeof type};
  status = call->types->value(call->ctx, x, &type);
  if (status != FL_OK || type.dtype != 11 /* double */) return status;
  const fl_finding finding = {.size = sizeof finding, .message = TEXT("Relu of a double tensor runs on the processor")};
  return call->diag->report(call->ctx, &finding);
}

static const fl_rule kRules[] = {{
    .size = sizeof(fl_rule),
    .level = FL_LEVEL_WARNING,
    .scope = FL_RULE_NODE,
    .id = TEXT("ACME001"),
    .name = TEXT("DoublePrecisionRelu"),
    .summary = TEXT("A Relu computes in double precision, which the accelerator does not have."),
    .help = TEXT("Convert the model with model.float() before the export."),
    .op = TEXT("Relu"),
    .check = CheckRelu,
}};

static const fl_p_rule kRuleTable = {sizeof(fl_p_rule), sizeof kRules[0], kRules, sizeof kRules / sizeof kRules[0]};

/* ---- the plugin */

static const void* GetTable(void* self, fl_str id) {
  (void)self;
  if (id.size == sizeof FL_P_LOWERING_ID - 1 && memcmp(id.data, FL_P_LOWERING_ID, id.size) == 0) return &kLoweringTable;
  if (id.size == sizeof FL_P_RULE_ID - 1 && memcmp(id.data, FL_P_RULE_ID, id.size) == 0) return &kRuleTable;
  return NULL;
}

FL_EXPORT const fl_plugin* fl_plugin_entry_v1(const fl_host* host) {
  static const fl_plugin kPlugin = {
      .size = sizeof(fl_plugin),
      .abi_major = FL_ABI_MAJOR,
      .abi_minor_built = FL_ABI_MINOR,
      .abi_minor_floor = FL_ABI_FLOOR,
      .id = TEXT(ID),
      .version = TEXT(VERSION),
      .description = TEXT("Acme's operators for Fairlead, in C"),
      .table = GetTable,
  };
  (void)host;
  return &kPlugin;
}
