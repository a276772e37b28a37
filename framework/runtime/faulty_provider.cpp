// A provider for tests: the model y = 2 x, and one fault that the setting `fault` names.
#include <fairlead/sdk/ep.hpp>
#include <stdexcept>

namespace {

using namespace fairlead;

constexpr fl_option_desc kOptions[] = {
    {sizeof(fl_option_desc), FL_OPTION_STR, FL_STR("fault"), FL_STR("none"), FL_STR("")}};

class Doubling : public EpModel {
 public:
  explicit Doubling(std::string fault) : fault_(std::move(fault)) {
    inputs_ = {{"x", DType::kFloat, std::vector<EpDim>{{-1, "n"}}, false}};
    outputs_ = {{"y", DType::kFloat, std::vector<EpDim>{{-1, "n"}}, false}};
    if (fault_ == "port without name") inputs_[0].name = "";
    if (fault_ == "two inputs of one name") inputs_.push_back(inputs_[0]);
    if (fault_ == "port of strings") inputs_[0].dtype = DType::kString;
    if (fault_ == "rank of 65") outputs_[0].dims->resize(65);
    if (fault_ == "name that is no UTF-8") outputs_[0].name = "\xff";
  }

  const std::vector<EpPort>& inputs() const override { return inputs_; }
  const std::vector<EpPort>& outputs() const override { return outputs_; }

  void Run(const EpCall& call) override {
    const fl_view x = call.Input(0).value();
    const std::span<const int64_t> dims(x.dims, x.rank);
    if (fault_ == "exception") throw std::runtime_error("the card is on fire");
    if (fault_ == "exception of no class") throw 7;
    if (fault_ == "input past the end") (void)call.Input(1);
    if (fault_ == "output past the end") (void)call.Output(1, DType::kFloat, dims);
    if (fault_ == "another type") (void)call.Output(0, DType::kDouble, dims);
    if (fault_ == "negative size") (void)call.Output(0, DType::kFloat, std::array<int64_t, 1>{-1});
    if (fault_ == "overflow")
      (void)call.Output(0, DType::kFloat, std::array<int64_t, 2>{int64_t{1} << 40, int64_t{1} << 40});
    if (fault_ == "more than there is") (void)call.Output(0, DType::kFloat, std::array<int64_t, 1>{int64_t{1} << 45});
    if (fault_ == "no dims") (void)call.Output(0, DType::kFloat, {static_cast<const int64_t*>(nullptr), 3});
    if (fault_ == "small view") GiveSmallView(call, dims);
    if (fault_ == "made-up context") UseMadeUpContext(call);
    if (fault_ == "no output") return;
    const fl_view y = call.Output(0, DType::kFloat, dims);
    for (int64_t i = 0; i < dims[0]; ++i) static_cast<float*>(y.data)[i] = 2 * static_cast<const float*>(x.data)[i];
    if (fault_ == "output given twice") (void)call.Output(0, DType::kFloat, dims);
  }

 private:
  static void GiveSmallView(const EpCall& call, std::span<const int64_t> dims) {
    fl_view view{};
    view.size = 8;
    const fl_ep_call& abi = call.abi();
    const fl_status status = abi.exec->output(abi.ctx, 0, FL_DEVICE_CPU, dims.data(), dims.size(), &view);
    if (status != FL_OK) throw EpError(status);
  }
  static void UseMadeUpContext(const EpCall& call) {
    fl_view view{};
    view.size = sizeof view;
    const fl_status status = call.abi().exec->input(reinterpret_cast<fl_ctx*>(&view), 0, &view);
    throw EpError(status, "a context from thin air answers " + std::to_string(status));
  }

  std::string fault_;
  std::vector<EpPort> inputs_, outputs_;
};

class FaultyEp : public Ep {
 public:
  FaultyEp(const EpCall& call, const fl_ep_config&) : fault_(call.Option("fault")) {
    if (fault_ == "unavailable") throw EpError(FL_UNAVAILABLE, "no such card");
    if (fault_ == "undeclared setting") (void)call.Option("colour");
  }
  static std::vector<EpDevice> Devices(const EpCall& call) {
    if (call.Option("fault") == "no device") return {};
    return {EpDevice{}};
  }
  std::string description() const override { return fault_ == "no description" ? "" : "doubling 1.0"; }
  std::unique_ptr<EpModel> Load(const EpCall& call, const EpSource&) override {
    if (fault_ == "input while loading") (void)call.Input(0);
    if (fault_ == "no kernel") throw EpError(FL_UNIMPLEMENTED, "no kernel for Halve");
    return std::make_unique<Doubling>(fault_);
  }

 private:
  std::string fault_;
};

}  // namespace

FL_MANIFEST("fairlead.test.faulty", "0.1.0", FL_KIND_EP)
FL_EP_PLUGIN("fairlead.test.faulty", "0.1.0", "A provider with faults", "faulty", FaultyEp, kOptions)
