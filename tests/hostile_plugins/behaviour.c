/* A plugin whose one lowering, acme::hostile(Tensor x) -> Tensor, misbehaves in the way its case says. */
#define _POSIX_C_SOURCE 200809L
#include <fairlead/sdk/abi/manifest.h>
#include <fairlead/sdk/abi/p_lowering.h>
#include <fairlead/sdk/abi/p_rule.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#if defined(CASE_RULE_BUILDS) || defined(CASE_RULE_REPORTS)
#define IS_RULE
#endif
#if defined(IS_RULE)
FL_MANIFEST("com.acme.behaviour", "1.0.0", FL_KIND_RULE)
#else
FL_MANIFEST("com.acme.behaviour", "1.0.0", FL_KIND_LOWERING)
#endif
#define TEXT(literal) \
  { literal, sizeof(literal) - 1 }

/* One operator must be PyTorch's: fl.build/1's `aten` knows no others. */
#if defined(CASE_LOWERS_ITSELF)
#define PARAMETER "self"
#define SCHEMA "aten::relu(Tensor self) -> Tensor"
#else
#define PARAMETER "x"
#define SCHEMA "acme::hostile(Tensor x) -> Tensor"
#endif

static fl_value Input(const fl_call* call) {
  fl_arg x = {.size = sizeof x};
  call->aten->arg(call->ctx, call->node, FL_STR(PARAMETER), &x);
  return x.value;
}

static fl_emit Node(fl_str op, const fl_value* inputs, uint64_t n_inputs) {
  const fl_emit emit = {.size = sizeof emit,
                        .op = op,
                        .inputs = inputs,
                        .n_inputs = n_inputs,
                        .attr_stride = sizeof(fl_attr),
                        .n_outputs = 1};
  return emit;
}

#if defined(CASE_CONTEXT_ON_OTHER_THREAD)
static void* CallElsewhere(void* data) {
  const fl_call* call = data;
  fl_value x = {1};
  /* The right answer is a refusal; anything else is made visible by a result that no test expects. */
  const fl_status status = call->build->results(call->ctx, &x, 1);
  return status == FL_INVALID_ARGUMENT ? NULL : data;
}
#endif

/* Statuses are ignored on purpose: a plugin that goes on after a refusal must do no harm. */
static fl_status Lower(const fl_call* call, const fl_lowering* self) {
  fl_value x = Input(call), y = {0};
  fl_emit emit = Node(FL_STR("Relu"), &x, 1);
  (void)self, (void)emit, (void)y;
#if defined(CASE_UNKNOWN_STATUS)
  return 12345;
#elif defined(CASE_DECLINES)
  return FL_DECLINED;
#elif defined(CASE_FAILS_SILENTLY)
  return FL_INTERNAL;
#elif defined(CASE_NO_RESULTS)
  return FL_OK;
#elif defined(CASE_RESULTS_TWICE)
  call->build->results(call->ctx, &x, 1);
  return call->build->results(call->ctx, &x, 1);
#elif defined(CASE_TOO_MANY_RESULTS)
  const fl_value values[3] = {x, x, x};
  return call->build->results(call->ctx, values, 3);
#elif defined(CASE_RESULTS_HUGE)
  return call->build->results(call->ctx, &x, UINT64_MAX);
#elif defined(CASE_RESULTS_NULL)
  return call->build->results(call->ctx, NULL, 1);
#elif defined(CASE_RESULT_INVALID)
  y.id = FL_INVALID_ID;
  return call->build->results(call->ctx, &y, 1);
#elif defined(CASE_RESULT_ABSENT)
  return call->build->results(call->ctx, &y, 1);
#elif defined(CASE_RANDOM_HANDLES)
  uint64_t random = 0x9E3779B97F4A7C15u;
  for (int i = 0; i < 10000; ++i) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    fl_value value = {random};
    fl_dim dim;
    const void* data;
    uint64_t nbytes;
    emit = Node(FL_STR("Relu"), &value, 1);
    call->build->emit(call->ctx, &emit, &y);
    call->build->dim(call->ctx, value, (int64_t)random, &dim);
    call->build->constant_data(call->ctx, value, &data, &nbytes);
  }
  y.id = random;
  return call->build->results(call->ctx, &y, 1);
#elif defined(CASE_HANDLE_OF_EARLIER_CALL)
  static fl_value kept;
  if (kept.id == 0) kept = x;
  return call->build->results(call->ctx, &kept, 1);
#elif defined(CASE_CONTEXT_ON_OTHER_THREAD)
  pthread_t thread;
  void* broken = NULL;
  if (pthread_create(&thread, NULL, CallElsewhere, (void*)call) != 0) return FL_INTERNAL;
  pthread_join(thread, &broken);
  if (broken != NULL) return call->core->fail(call->ctx, FL_INTERNAL, FL_STR("another thread was served"));
  return call->build->results(call->ctx, &x, 1);
#elif defined(CASE_CONTEXT_FROM_THIN_AIR)
  if (call->build->results((fl_ctx*)0x10, &x, 1) != FL_INVALID_ARGUMENT) abort();
  if (call->build->results(NULL, &x, 1) != FL_INVALID_ARGUMENT) abort();
  return call->build->results(call->ctx, &x, 1);
#elif defined(CASE_UNKNOWN_OPERATOR)
  emit.op = (fl_str)TEXT("NoSuchOperator");
  return call->build->emit(call->ctx, &emit, &y);
#elif defined(CASE_OPERATOR_OF_NEWER_OPSET)
  const fl_value three[3] = {x, x, x};
  emit = Node(FL_STR("Attention"), three, 3);
  return call->build->emit(call->ctx, &emit, &y);
#elif defined(CASE_OPERATOR_WITHOUT_NAME)
  emit.op = (fl_str){NULL, 99};
  return call->build->emit(call->ctx, &emit, &y);
#elif defined(CASE_OUTPUTS_HUGE)
  emit.n_outputs = UINT64_MAX;
  return call->build->emit(call->ctx, &emit, &y);
#elif defined(CASE_INPUTS_HUGE)
  emit.n_inputs = UINT64_MAX;
  return call->build->emit(call->ctx, &emit, &y);
#elif defined(CASE_ATTRIBUTES_WITHOUT_STRIDE)
  const fl_attr attribute = {.size = sizeof attribute, .kind = FL_ATTR_INT, .name = TEXT("to"), .i = 1};
  emit.attrs = &attribute;
  emit.n_attrs = 2;
  emit.attr_stride = 0;
  return call->build->emit(call->ctx, &emit, &y);
#elif defined(CASE_ATTRIBUTES_HUGE)
  const fl_attr attribute = {.size = sizeof attribute, .kind = FL_ATTR_INT, .name = TEXT("to"), .i = 1};
  emit.attrs = &attribute;
  emit.n_attrs = UINT32_MAX;
  return call->build->emit(call->ctx, &emit, &y);
#elif defined(CASE_ATTRIBUTE_OF_UNKNOWN_KIND)
  const fl_attr attribute = {.size = sizeof attribute, .kind = 77, .name = TEXT("to")};
  emit.attrs = &attribute;
  emit.n_attrs = 1;
  return call->build->emit(call->ctx, &emit, &y);
#elif defined(CASE_ATTRIBUTE_LIST_HUGE)
  const fl_attr attribute = {
      .size = sizeof attribute, .kind = FL_ATTR_INTS, .name = TEXT("axes"), .data = &emit, .count = UINT64_MAX / 8};
  emit.attrs = &attribute;
  emit.n_attrs = 1;
  return call->build->emit(call->ctx, &emit, &y);
#elif defined(CASE_GRAPH_FROM_THIN_AIR)
  const fl_graph graph = {0x1234};
  const fl_attr attribute = {
      .size = sizeof attribute, .kind = FL_ATTR_GRAPH, .name = TEXT("body"), .data = &graph, .count = 1};
  emit.attrs = &attribute;
  emit.n_attrs = 1;
  return call->build->emit(call->ctx, &emit, &y);
#elif defined(CASE_CONSTANT_SIZES_OVERFLOW)
  const int64_t dims[3] = {INT64_MAX, INT64_MAX, 4};
  const fl_constant constant = {.size = sizeof constant, .dtype = 1, .dims = dims, .rank = 3, .data = dims, .nbytes = 16};
  return call->build->constant(call->ctx, &constant, &y);
#elif defined(CASE_CONSTANT_RANK_HUGE)
  const int64_t dims[1] = {1};
  const fl_constant constant = {
      .size = sizeof constant, .dtype = 1, .dims = dims, .rank = UINT64_MAX, .data = dims, .nbytes = 4};
  return call->build->constant(call->ctx, &constant, &y);
#elif defined(CASE_CONSTANT_SIZE_NEGATIVE)
  const int64_t dims[1] = {-4};
  const fl_constant constant = {.size = sizeof constant, .dtype = 1, .dims = dims, .rank = 1, .data = dims, .nbytes = 16};
  return call->build->constant(call->ctx, &constant, &y);
#elif defined(CASE_CONSTANT_OF_UNKNOWN_TYPE)
  const fl_constant constant = {.size = sizeof constant, .dtype = 4711, .data = &x, .nbytes = 8};
  return call->build->constant(call->ctx, &constant, &y);
#elif defined(CASE_CONSTANT_WITH_TOO_FEW_BYTES)
  const int64_t dims[1] = {1000};
  const fl_constant constant = {.size = sizeof constant, .dtype = 1, .dims = dims, .rank = 1, .data = dims, .nbytes = 4};
  return call->build->constant(call->ctx, &constant, &y);
#elif defined(CASE_OTHER_TYPE_THAN_RECORDED)
  const fl_attr to = {.size = sizeof to, .kind = FL_ATTR_INT, .name = TEXT("to"), .i = 11};
  emit = Node(FL_STR("Cast"), &x, 1);
  emit.attrs = &to;
  emit.n_attrs = 1;
  call->build->emit(call->ctx, &emit, &y);
  return call->build->results(call->ctx, &y, 1);
#elif defined(CASE_OTHER_SHAPE_THAN_RECORDED)
  emit = Node(FL_STR("Transpose"), &x, 1);
  call->build->emit(call->ctx, &emit, &y);
  return call->build->results(call->ctx, &y, 1);
#elif defined(CASE_OTHER_RANK_THAN_RECORDED)
  emit = Node(FL_STR("Shape"), &x, 1);
  call->build->emit(call->ctx, &emit, &y);
  const fl_attr to = {.size = sizeof to, .kind = FL_ATTR_INT, .name = TEXT("to"), .i = 1};
  emit = Node(FL_STR("Cast"), &y, 1);
  emit.attrs = &to;
  emit.n_attrs = 1;
  call->build->emit(call->ctx, &emit, &y);
  return call->build->results(call->ctx, &y, 1);
#elif defined(CASE_LOWERS_ITSELF)
  const fl_aten_arg argument = {
      .size = sizeof argument, .name = TEXT("self"), .value = {.size = sizeof(fl_arg), .kind = FL_ARG_VALUE, .value = x}};
  const fl_aten_call again = {.size = sizeof again,
                              .op = TEXT("aten::relu.default"),
                              .args = &argument,
                              .n_args = 1,
                              .arg_stride = sizeof argument,
                              .n_results = 1};
  const fl_status status = call->build->aten(call->ctx, &again, &y);
  if (status != FL_OK) return status;
  return call->build->results(call->ctx, &y, 1);
#elif defined(CASE_SUBGRAPH_NOT_ENDED)
  call->build->subgraph_begin(call->ctx, NULL, NULL, 0, NULL);
  return call->build->results(call->ctx, &x, 1);
#elif defined(CASE_SUBGRAPH_ENDED_TWICE)
  fl_graph graph;
  call->build->subgraph_begin(call->ctx, NULL, NULL, 0, NULL);
  call->build->subgraph_end(call->ctx, &x, 1, &graph);
  return call->build->subgraph_end(call->ctx, &x, 1, &graph);
#elif defined(CASE_SUBGRAPHS_WITHOUT_END)
  for (int i = 0; i < 100000; ++i) {
    const fl_status status = call->build->subgraph_begin(call->ctx, NULL, NULL, 0, NULL);
    if (status != FL_OK) return status;
  }
  return FL_OK;
#elif defined(CASE_ARGUMENT_UNKNOWN)
  fl_arg nobody = {.size = sizeof nobody};
  return call->aten->arg(call->ctx, call->node, FL_STR("nobody"), &nobody);
#elif defined(CASE_NULL_POINTERS)
  fl_ctx* const ctx = call->ctx;
  const fl_build* const build = call->build;
  const fl_graph graph = {1};
  const void* data = NULL;
  uint64_t count = 0;
  fl_type type = {.size = sizeof type}, small = {.size = 4};
  fl_arg argument = {.size = 4};
  const fl_aten_arg nameless = {.size = sizeof nameless, .name = {NULL, 99}};
  const fl_aten_call unknown = {.size = sizeof unknown, .op = {NULL, 99}, .n_results = 1};
  const fl_aten_call calls = {.size = sizeof calls,
                              .op = TEXT("aten::relu.default"),
                              .args = &nameless,
                              .n_args = 1,
                              .arg_stride = sizeof nameless,
                              .n_results = 1};
  const fl_status refused[] = {
      call->aten->arg(ctx, call->node, FL_STR(PARAMETER), NULL),
      call->aten->arg(ctx, call->node, FL_STR(PARAMETER), &argument),
      call->aten->schema(ctx, call->node, NULL),
      call->aten->result_count(ctx, call->node, NULL),
      call->aten->result_used(ctx, call->node, 0, NULL),
      build->emit(ctx, NULL, &y),
      build->emit(ctx, &emit, NULL),
      build->constant(ctx, NULL, &y),
      build->type(ctx, x, NULL),
      build->type(ctx, x, &small),
      build->dims(ctx, x, NULL, 0, NULL),
      build->dim(ctx, x, 0, NULL),
      build->same_dim(ctx, x, 0, x, 0, NULL),
      build->shape(ctx, NULL, 1, &y),
      build->shape(ctx, NULL, 0, NULL),
      build->constant_data(ctx, x, NULL, &count),
      build->constant_data(ctx, x, &data, NULL),
      build->result_type(ctx, 0, NULL, NULL, 0),
      build->aten(ctx, NULL, &y),
      build->aten(ctx, &unknown, &y),
      build->aten(ctx, &calls, &y),
      build->results(ctx, NULL, 1),
      build->subgraph_begin(ctx, NULL, NULL, 1, &y),
      build->subgraph_begin(ctx, &type, NULL, 1, NULL),
      build->subgraph_end(ctx, &x, 1, NULL),
      build->lower_subgraph(ctx, graph, &x, 1, &y, 1, NULL),
      build->opset(ctx, NULL),
      build->subgraph_inputs(ctx, graph, NULL, 0, NULL),
      call->core->last_error(ctx, NULL),
      call->core->allocate(ctx, 8, 8, NULL),
      call->core->option(ctx, (fl_str){NULL, 99}, NULL),
      call->core->report(ctx, FL_LEVEL_WARNING, (fl_str){NULL, 99}, (fl_str){NULL, 99}),
  };
  for (unsigned i = 0; i < sizeof refused / sizeof refused[0]; ++i)
    if (refused[i] == FL_OK) abort();
  return build->results(ctx, &x, 1);
#elif defined(CASE_MESSAGE_HUGE)
  const uint64_t size = 100u << 20;
  char* message = malloc(size);
  if (message == NULL) return FL_RESOURCE_EXHAUSTED;
  memset(message, '\xff', size);
  const fl_status status = call->core->fail(call->ctx, FL_UNIMPLEMENTED, (fl_str){message, size});
  free(message);
  return status;
#elif defined(CASE_MEMORY_HUGE)
  void* memory;
  return call->core->allocate(call->ctx, UINT64_MAX, 8, &memory);
#else
  return call->build->results(call->ctx, &x, 1);
#endif
}

static fl_lowering row = {.size = sizeof(fl_lowering), .authored_opset = 18, .schema = TEXT(SCHEMA), .lower = Lower};

static fl_status GetFamily(uint32_t index, fl_lowering_family* out) {
  const fl_lowering_family family = {sizeof family, sizeof row, TEXT("hostile"), &row, 1};
  if (index != 0) return FL_NOT_FOUND;
  *out = family;
  return FL_OK;
}
static const fl_p_lowering kLowerings = {sizeof(fl_p_lowering), 1, GetFamily};

#if defined(IS_RULE)
static fl_status Check(const fl_rule_call* call, const fl_rule* self) {
  (void)self, (void)row, (void)kLowerings;
#if defined(CASE_RULE_REPORTS)
  const fl_finding finding = {
      .size = sizeof finding, .level = FL_LEVEL_ERROR, .message = TEXT("this model is not to my taste")};
  return call->diag->report(call->ctx, &finding);
#else
  const void* table = NULL;
  fl_value y;
  if (call->host->get_interface(call->host, FL_STR("fl.build/1"), sizeof(fl_build), &table) != FL_OK) return FL_UNAVAILABLE;
  const fl_emit emit = Node(FL_STR("Relu"), NULL, 0);
  return ((const fl_build*)table)->emit(call->ctx, &emit, &y);
#endif
}
static const fl_rule rule = {.size = sizeof(fl_rule),
                             .level = FL_LEVEL_NOTE,
                             .scope = FL_RULE_GRAPH,
                             .id = TEXT("ACME001"),
                             .name = TEXT("Hostile"),
                             .summary = TEXT("Says of every model that something is wrong."),
                             .check = Check};
static const fl_p_rule kRules = {sizeof(fl_p_rule), sizeof(fl_rule), &rule, 1};
#endif

static const void* GetTable(void* self, fl_str id) {
  (void)self;
#if defined(IS_RULE)
  if (id.size == sizeof FL_P_RULE_ID - 1 && memcmp(id.data, FL_P_RULE_ID, id.size) == 0) return &kRules;
#else
  if (id.size == sizeof FL_P_LOWERING_ID - 1 && memcmp(id.data, FL_P_LOWERING_ID, id.size) == 0) return &kLowerings;
#endif
  return NULL;
}

const fl_plugin* fl_plugin_entry_v1(const fl_host* host) {
  static const fl_plugin plugin = {
      .size = sizeof plugin,
      .abi_major = FL_ABI_MAJOR,
      .abi_minor_built = FL_ABI_MINOR,
      .abi_minor_floor = FL_ABI_FLOOR,
      .id = TEXT("com.acme.behaviour"),
      .version = TEXT("1.0.0"),
      .table = GetTable,
  };
  (void)host;
  return &plugin;
}
