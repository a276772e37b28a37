#include "runtime/run_context.hpp"

namespace fairlead {
namespace {

constexpr char kOnlyWhileRunning[] = "fl.exec/1 can be used while a model runs only";

fl_status Input(fl_ctx* ctx, uint64_t index, fl_view* out) {
  auto* context = CallContext::Find<RunContext>(ctx);
  return context != nullptr ? context->Input(index, out) : CallContext::WrongContext(ctx, kOnlyWhileRunning);
}

fl_status Output(fl_ctx* ctx, uint64_t index, int32_t dtype, const int64_t* dims, uint64_t rank, fl_view* out) {
  auto* context = CallContext::Find<RunContext>(ctx);
  return context != nullptr ? context->Output(index, dtype, dims, rank, out)
                            : CallContext::WrongContext(ctx, kOnlyWhileRunning);
}

constexpr fl_exec kTable = {sizeof(fl_exec), 0, Input, Output};

}  // namespace

const fl_exec* ExecTable() { return &kTable; }

}  // namespace fairlead
