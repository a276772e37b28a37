// Programs changed by hand: what differs between versions, what is refused and in which words.
#include <gmock/gmock.h>

#include "frontend/frontend.hpp"
#include "frontend/repacked_archive.hpp"
#include "ir/text.hpp"
#include "ir/verifier.hpp"

namespace fairlead {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Result<ExportedProgram> Read(const RepackedZip& archive, const ReadOptions& options = {}) {
  Diagnostics diagnostics;
  return ReadExportedProgram(MappedFile::FromBytes(ToBytes(archive.Bytes()), "t.pt2"), options, diagnostics);
}

std::string ErrorOf(const RepackedZip& archive, const ReadOptions& options = {}) {
  const auto program = Read(archive, options);
  return program.ok() ? "read" : program.error().rule + " " + program.error().message;
}

// A program of PyTorch 2.14's form with one float[2,3] input x, whose nodes and outputs are given.
struct Written {
  std::string nodes;
  std::string outputs = R"({"as_tensor": {"name": "y"}})";
  std::string values = {};  // more entries of tensor_values
  std::string inputs = R"({"as_tensor": {"name": "x"}})";
  std::string input_specs = R"({"user_input": {"arg": {"as_tensor": {"name": "x"}}}})";
  std::string output_specs = R"({"user_output": {"arg": {"as_tensor": {"name": "y"}}}})";
  std::string more_graph = {};  // more members of the graph
  std::string version = R"({"major": 8, "minor": 20})";

  static std::string Meta(const std::string& name, const std::string& sizes = R"({"as_int": 2}, {"as_int": 3})") {
    return "\"" + name + R"(": {"dtype": 7, "sizes": [)" + sizes +
           R"(], "requires_grad": false, "device": {"type": "cpu"}, "strides": [], "storage_offset": {"as_int": 0}, "layout": 7})";
  }

  std::string Json() const {
    return R"({"schema_version": )" + version +
           R"(, "torch_version": "2.14", "verifiers": ["TRAINING"], "range_constraints": {}, )" +
           R"("graph_module": {"module_call_graph": [], "signature": {"input_specs": [)" + input_specs +
           R"(], "output_specs": [)" + output_specs + R"(]}, "graph": {"inputs": [)" + inputs + R"(], "outputs": [)" +
           outputs + R"(], "nodes": [)" + nodes + R"(], "tensor_values": {)" + Meta("x") + ", " + Meta("y") + values + "}" +
           more_graph + "}}}";
  }

  RepackedZip Archive() const {
    RepackedZip archive(RepackedArchive::Open("pt2-2.14.1/nograd.pt2"));
    archive.Entry("models/model.json") = Json();
    return archive;
  }

  Result<ExportedProgram> Read() const { return fairlead::Read(Archive()); }
  std::string Error() const { return ErrorOf(Archive()); }
  // The last line of the graph's text: its only node.
  std::string Text() const {
    const auto program = Read();
    EXPECT_TRUE(program.ok()) << program.error().message;
    if (!program.ok()) return program.error().message;
    const Status verified = VerifyGraph(program->graph);
    EXPECT_TRUE(verified.ok()) << verified.message();
    std::string text = Print(program->graph, {.types = false});
    text = text.substr(0, text.rfind("\n}"));
    return text.substr(text.rfind("\n  ") + 3);
  }
};

std::string NodeJson(const std::string& target, const std::string& inputs,
                     const std::string& outputs = R"({"as_tensor": {"name": "y"}})") {
  return R"({"target": ")" + target + R"(", "inputs": [)" + inputs + R"(], "outputs": [)" + outputs +
         R"(], "metadata": {}})";
}

std::string Argument(const std::string& name, const std::string& value) {
  return R"({"name": ")" + name + R"(", "arg": )" + value + "}";
}

const std::string kX = R"({"as_tensor": {"name": "x"}})";

std::string ArgumentText(const std::string& value) {
  return Written{.nodes = NodeJson("torch.ops.my.op.default", Argument("self", kX) + ", " + Argument("a", value))}.Text();
}

// ---- arguments

TEST(Arguments, AreAttributesByName) {
  EXPECT_EQ(ArgumentText(R"({"as_int": 3})"), "y = my::op.default(self=x, a=3)");
  EXPECT_EQ(ArgumentText(R"({"as_ints": [1, -2]})"), "y = my::op.default(self=x, a=[1, -2])");
  EXPECT_EQ(ArgumentText(R"({"as_bool": true})"), "y = my::op.default(self=x, a=true)");
  EXPECT_EQ(ArgumentText(R"({"as_none": []})"), "y = my::op.default(self=x, a=none)");
  EXPECT_EQ(ArgumentText(R"({"as_tensors": [{"name": "x"}, {"name": "x"}]})"), "y = my::op.default(self=x, a=[x, x])");
  EXPECT_EQ(ArgumentText(R"({"as_optional_tensors": [{"as_none": true}, {"as_tensor": {"name": "x"}}]})"),
            "y = my::op.default(self=x, a=[none, x])");
  // Schema 3: the tensor of an optional one is a plain text.
  EXPECT_EQ(ArgumentText(R"({"as_optional_tensors": [{"as_none": []}, {"as_tensor": "x"}]})"),
            "y = my::op.default(self=x, a=[none, x])");
  EXPECT_EQ(ArgumentText(R"({"as_optional_tensor": {"as_tensor": {"name": "x"}}})"), "y = my::op.default(self=x, a=x)");
  EXPECT_EQ(ArgumentText(R"({"as_sym_int": {"as_int": 4}})"), "y = my::op.default(self=x, a=4)");
  EXPECT_EQ(ArgumentText(R"({"as_sym_ints": [{"as_int": 4}, {"as_int": 5}]})"), "y = my::op.default(self=x, a=[4, 5])");
  EXPECT_EQ(ArgumentText(R"({"as_tuple": [{"as_int": 4}, {"as_int": 5}]})"), "y = my::op.default(self=x, a=symints[4, 5])");
  EXPECT_EQ(ArgumentText(R"({"as_operator": "torch.ops.aten.add.Tensor"})"),
            "y = my::op.default(self=x, a=op(aten::add.Tensor))");
}

TEST(Arguments, KeepNumbersThatJsonDoesNotHave) {
  for (const char* const text : {"-Infinity", "\"-Infinity\""}) {
    const auto program =
        Written{.nodes = NodeJson("torch.ops.my.op.default", Argument("a", R"({"as_float": )" + std::string(text) + "}"))}
            .Read();
    ASSERT_TRUE(program.ok()) << program.error().message;
    EXPECT_EQ(std::get<double>(program->graph.node(0).attributes[0].value), -INFINITY);
  }
}

TEST(Arguments, OfUnknownKindAreNamed) {
  const auto error = [](const std::string& value) {
    return Written{.nodes = NodeJson("torch.ops.my.op.default", Argument("a", value))}.Error();
  };
  EXPECT_EQ(error(R"({"as_quaternion": 3})"),
            "FL1002 an argument of 'torch.ops.my.op.default' is of the kind 'as_quaternion', which is not read");
  EXPECT_THAT(error(R"({"as_int": "three"})"),
              HasSubstr("FL1001 an argument of 'torch.ops.my.op.default' has a broken 'as_int'"));
  EXPECT_THAT(error(R"({"as_int": 1, "as_bool": true})"), HasSubstr("is not exactly one alternative"));
  EXPECT_THAT(error(R"({"as_scalar_type": 99})"), HasSubstr("broken 'as_scalar_type'"));
}

TEST(Arguments, ThatAreATypeOnnxDoesNotHaveAreNamed) {
  EXPECT_EQ((Written{.nodes = NodeJson("torch.ops.my.op.default", Argument("dtype", R"({"as_scalar_type": 9})"))}.Error()),
            "FL2014 argument 'dtype' of 'torch.ops.my.op.default' is complex32, which ONNX does not have");
}

// ---- graphs

TEST(Graphs, MayOnlyReadWhatIsDefined) {
  EXPECT_THAT(
      (Written{.nodes = NodeJson("torch.ops.aten.relu.default", Argument("self", R"({"as_tensor": {"name": "z"}})"))}
           .Error()),
      HasSubstr("FL1001 'torch.ops.aten.relu.default' reads value 'z', which nothing before it defines"));
  EXPECT_THAT(
      (Written{.nodes = NodeJson("torch.ops.aten.relu.default", Argument("self", R"({"as_tensor": {"name": "y"}})"))}
           .Error()),
      HasSubstr("reads value 'y'"));
  const std::string relu = NodeJson("torch.ops.aten.relu.default", Argument("self", kX));
  EXPECT_THAT((Written{.nodes = relu + ", " + relu}.Error()), HasSubstr("value 'y' is defined twice"));
  EXPECT_THAT((Written{.nodes = NodeJson("torch.ops.aten.relu.default", Argument("self", kX) + ", " + Argument("self", kX))}
                   .Error()),
              HasSubstr("two arguments named 'self'"));
  EXPECT_THAT((Written{.nodes = NodeJson("torch.ops.aten.relu.default", Argument("self", kX),
                                         R"({"as_tensor": {"name": "untyped"}})")}
                   .Error()),
              HasSubstr("no type for value 'untyped'"));
}

TEST(Graphs, HaveInputsAndOutputsOfTheSignature) {
  const std::string relu = NodeJson("torch.ops.aten.relu.default", Argument("self", kX));
  EXPECT_THAT((Written{.nodes = relu, .input_specs = ""}.Error()), HasSubstr("0 inputs and 1 outputs, the graph 1 and 1"));
  EXPECT_THAT((Written{.nodes = relu, .output_specs = R"({"user_output": {"arg": {"as_tensor": {"name": "x"}}}})"}.Error()),
              HasSubstr("user_output 'x' is not the graph's output 'y'"));
  EXPECT_THAT((Written{.nodes = relu, .input_specs = R"({"dream": {"arg": {"name": "x"}}})"}.Error()),
              HasSubstr("FL1002 the signature has an input of the unknown kind 'dream'"));
}

TEST(Graphs, AreRefusedForOtherLayoutsAndTypes) {
  const std::string relu = NodeJson("torch.ops.aten.relu.default", Argument("self", kX));
  std::string json = Written{.nodes = relu}.Json();
  RepackedZip archive = Written{.nodes = relu}.Archive();
  std::string& text = archive.Entry("models/model.json");
  RepackedArchive::Replace(text, "\"layout\": 7", "\"layout\": 1");
  EXPECT_EQ(ErrorOf(archive), "FL2015 value 'x' has layout 1 instead of strided");
  text = json;
  RepackedArchive::Replace(text, "\"dtype\": 7", "\"dtype\": 9");
  EXPECT_EQ(ErrorOf(archive), "FL2014 value 'x' is complex32, which ONNX does not have");
  text = json;
  RepackedArchive::Replace(text, "\"dtype\": 7", "\"dtype\": 99");
  EXPECT_EQ(ErrorOf(archive), "FL1002 value 'x' has ScalarType 99, which is not read");
  text = json;
  RepackedArchive::Replace(text, "{\"as_int\": 3}", "{\"as_int\": -3}");
  EXPECT_THAT(ErrorOf(archive), HasSubstr("negative size -3"));
}

// ---- results

TEST(Results, AreOneValueOrListsOrNothing) {
  const std::string z = ", " + Written::Meta("z");
  const auto text = [&](const std::string& outputs) {
    return Written{.nodes = NodeJson("torch.ops.my.op.default", Argument("self", kX), outputs), .values = z}.Text();
  };
  EXPECT_EQ(text(R"({"as_tensors": [{"name": "y"}, {"name": "z"}]})"), "[y, z] = my::op.default(self=x)");
  EXPECT_EQ(text(R"({"as_tensor": {"name": "y"}}, {"as_none": true}, {"as_tensor": {"name": "z"}})"),
            "y, none, z = my::op.default(self=x)");
  EXPECT_EQ(text(R"({"as_tensor": {"name": "y"}}, {"as_tensors": [{"name": "z"}]})"), "y, [z] = my::op.default(self=x)");
  EXPECT_EQ((Written{.nodes = NodeJson("torch.ops.my.op.default", Argument("self", kX), R"({"as_none": true})"),
                     .outputs = kX,
                     .output_specs = R"({"user_output": {"arg": {"as_tensor": {"name": "x"}}}})"}
                 .Text()),
            "my::op.default(self=x)");
}

// ---- higher-order operators

// A graph of `count` tensor inputs that returns its first.
std::string Subgraph(int count, const std::string& more_inputs = {}) {
  std::string inputs, values;
  for (int i = 0; i < count; ++i) {
    const std::string name = "a" + std::to_string(i);
    inputs += std::string(i > 0 ? ", " : "") + R"({"as_tensor": {"name": ")" + name + R"("}})";
    values += (i > 0 ? ", " : "") + Written::Meta(name);
  }
  return R"({"as_graph": {"name": "g", "graph": {"inputs": [)" + inputs + more_inputs +
         R"(], "outputs": [{"as_tensor": {"name": "a0"}}], )" + R"("nodes": [], "tensor_values": {)" + values + "}}}}";
}

std::string HigherOrder(const std::string& target, const std::vector<std::string>& arguments) {
  std::string inputs;
  for (const std::string& argument : arguments) inputs += (inputs.empty() ? "" : ", ") + Argument("", argument);
  return NodeJson("torch.ops.higher_order." + target, inputs);
}

std::vector<std::string> ArgumentNames(const std::string& node) {
  const auto program = Written{.nodes = node}.Read();
  EXPECT_TRUE(program.ok()) << program.error().message;
  std::vector<std::string> out;
  if (program.ok())
    for (const Attribute& attribute : program->graph.node(0).attributes) out.push_back(attribute.name);
  return out;
}

const std::string kList = R"({"as_tensors": [{"name": "x"}]})", kEmpty = R"({"as_tensors": []})";

TEST(HigherOrder, OperandsHaveTheNamesOfThePseudoSchemas) {
  EXPECT_THAT(ArgumentNames(HigherOrder("cond", {R"({"as_bool": true})", Subgraph(1), Subgraph(1), kList})),
              ElementsAre("pred", "true_graph", "false_graph", "operands"));
  EXPECT_THAT(ArgumentNames(HigherOrder("while_loop", {Subgraph(1), Subgraph(1), kList, kEmpty})),
              ElementsAre("cond_graph", "body_graph", "carried", "additional"));
  EXPECT_THAT(ArgumentNames(HigherOrder("wrap_with_set_grad_enabled", {R"({"as_bool": false})", Subgraph(1), kX})),
              ElementsAre("enabled", "graph", "operands"));
  EXPECT_THAT(ArgumentNames(HigherOrder("invoke_subgraph", {Subgraph(1), R"({"as_string": "id"})", kX})),
              ElementsAre("graph", "identifier", "operands"));
  EXPECT_THAT(ArgumentNames(HigherOrder("unheard_of", {kX, R"({"as_int": 1})"})), ElementsAre("arg0", "arg1"));
}

TEST(HigherOrder, ScanHasOneFormForTheArgumentListsOf2_6And2_14) {
  EXPECT_THAT(ArgumentNames(HigherOrder("scan", {Subgraph(2), kList, kList, kEmpty})),
              ElementsAre("combine_graph", "init", "xs", "additional"));
  EXPECT_THAT(
      ArgumentNames(HigherOrder("scan", {Subgraph(2), kList, kList, R"({"as_int": 0})", R"({"as_bool": true})", kEmpty})),
      ElementsAre("combine_graph", "init", "xs", "additional", "reverse", "dim"));
  EXPECT_THAT(ArgumentNames(HigherOrder("associative_scan", {Subgraph(2), kList, R"({"as_int": 0})"})),
              ElementsAre("combine_graph", "xs", "additional", "dim"));
}

TEST(HigherOrder, MapHasOneFormForOldAndNewArgumentLists) {
  const std::vector<std::string> both = {HigherOrder("map_impl", {Subgraph(2), kList, kList}),
                                         HigherOrder("map_impl", {Subgraph(2), R"({"as_int": 1})", kX, kX})};
  for (const std::string& node : both) {
    const auto program = Written{.nodes = node}.Read();
    ASSERT_TRUE(program.ok()) << program.error().message;
    EXPECT_THAT(PrintNode(program->graph, 0), HasSubstr("mapped=[x], additional=[x])"));
  }
}

TEST(HigherOrder, ConstantOperandsAreValuesToo) {
  const auto program = Written{.nodes = HigherOrder("invoke_subgraph", {Subgraph(1, R"(, {"as_int": 7})"),
                                                                        R"({"as_string": "id"})", kX, R"({"as_int": 7})"})}
                           .Read();
  ASSERT_TRUE(program.ok()) << program.error().message;
  ASSERT_EQ(program->graph.initializers().size(), 1u);
  EXPECT_EQ(program->graph.initializers()[0].tensor.AsInts(), std::vector<int64_t>{7});
  EXPECT_TRUE(VerifyGraph(program->graph).ok());
}

TEST(HigherOrder, HintsAreLeftOut) {
  const std::string arguments = Argument("", Subgraph(1)) + ", " + Argument("", kList) + ", " +
                                Argument("", R"({"as_string_to_argument": {}})") + ", " +
                                Argument("hints", R"({"as_string_to_argument": {"ac": {"as_bool": true}}})");
  EXPECT_THAT(ArgumentNames(NodeJson("torch.ops.higher_order.hints_wrapper", arguments)), ElementsAre("graph", "operands"));
}

TEST(HigherOrder, GraphsMustTakeWhatTheyAreGiven) {
  EXPECT_THAT((Written{.nodes = HigherOrder("cond", {R"({"as_bool": true})", Subgraph(1), Subgraph(2), kList})}.Error()),
              HasSubstr("calls graph 'g' (2 inputs, 1 outputs) with 1 operands for 1 results"));
}

TEST(HigherOrder, LoopsMustReturnWhatTheyHandOn) {
  const std::string two = R"({"as_tensors": [{"name": "x"}, {"name": "x"}]})";
  EXPECT_EQ((Written{.nodes = HigherOrder("while_loop", {Subgraph(2), Subgraph(2), two, kEmpty})}.Error()),
            "FL1001 'torch.ops.higher_order.while_loop' has 1 results and hands on 2 operands");
  EXPECT_EQ((Written{.nodes = HigherOrder("scan", {Subgraph(3), two, kList, kEmpty})}.Error()),
            "FL1001 'torch.ops.higher_order.scan' has 1 results and hands on 2 operands");
  EXPECT_EQ((Written{.nodes = HigherOrder("associative_scan", {Subgraph(4), two, kEmpty})}.Error()),
            "FL1001 'torch.ops.higher_order.associative_scan' has 1 results and hands on 2 operands");
}

TEST(HigherOrder, GraphsAreNotNestedWithoutEnd) {
  std::string node = NodeJson("torch.ops.aten.relu.default", Argument("self", kX));
  for (int i = 0; i < 40; ++i)
    node = HigherOrder(
        "invoke_subgraph",
        {R"({"as_graph": {"name": "g", "graph": {"inputs": [{"as_tensor": {"name": "x"}}], "outputs": [{"as_tensor": {"name": "y"}}], )"
         R"("nodes": [)" +
             node + R"(], "tensor_values": {)" + Written::Meta("x") + ", " + Written::Meta("y") + "}}}}",
         R"({"as_string": "id"})", kX});
  EXPECT_EQ((Written{.nodes = node}.Error()), "FL1001 graphs are nested deeper than 32");
}

// ---- versions

TEST(Versions, BeyondTheSchemasThatWeKnowAreNamed) {
  const std::string relu = NodeJson("torch.ops.aten.relu.default", Argument("self", kX));
  EXPECT_EQ((Written{.nodes = relu, .version = R"({"major": 9, "minor": 1})"}.Error()),
            "FL1002 the program has schema 9.1 (PyTorch 2.14); 1 to 8 are read");
  EXPECT_THAT((Written{.nodes = relu, .version = "null"}.Error()), HasSubstr("does not say the version"));
  EXPECT_EQ((Written{.nodes = relu, .version = R"({"major": 8, "minor": 99})"}.Error()), "read");
}

TEST(Versions, OneKeepsConstantTensorsInTheGraph) {
  // torch.save(torch.tensor([1., 2., 3.])) of the 2.1.2 fixture's kind, in base64: made from its state dict.
  RepackedArchive archive("pt2-2.1.2/count.pt2");
  std::string& json = archive.program();
  const std::string saved = archive.Entry("serialized_state_dict.json");
  RepackedZip nested(OwnedContent(ToBytes(saved)));
  // The state dict {"L__s___n": tensor}: unwrap the tensor by leaving the dict's opcodes away.
  std::string& pickle = nested.Entry("data.pkl");
  const std::size_t tensor = pickle.find("ctorch._utils\n_rebuild_tensor_v2");
  ASSERT_NE(tensor, std::string::npos);
  ASSERT_TRUE(pickle.ends_with("s."));
  pickle = "\x80\x02" + pickle.substr(tensor, pickle.size() - 2 - tensor) + ".";
  // The hooks are an OrderedDict; its class was pickled before.
  RepackedArchive::Replace(pickle, std::string_view("h\0)R", 4), "ccollections\nOrderedDict\n)R");
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string base64, bytes = nested.Bytes();
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j) bits = bits << 8 | (i + j < bytes.size() ? static_cast<uint8_t>(bytes[i + j]) : 0);
    for (std::size_t j = 0; j < 4; ++j) base64 += i + j <= bytes.size() ? kDigits[bits >> (18 - 6 * j) & 63] : '=';
  }
  RepackedArchive::Replace(json, "\"constants\": {}", "\"constants\": {\"_tensor_constant0\": \"" + base64 + "\"}");
  const auto program = Read(archive);
  ASSERT_TRUE(program.ok()) << program.error().message;
  ASSERT_EQ(program->inputs.back().kind, InputSpec::Kind::kTensorConstant);
  EXPECT_EQ(program->inputs.back().target, "_tensor_constant0");
  EXPECT_TRUE(SameContent(program->weights.at("_tensor_constant0"), program->weights.at("L__s___n")));
}

// ---- weights

TEST(Weights, MustBeThere) {
  RepackedArchive archive("pt2-2.14.1/nograd.pt2");
  std::string& config = archive.Entry("model_weights_config.json");
  config = R"({"config": {}})";
  EXPECT_THAT(ErrorOf(archive), HasSubstr("FL1009 l.weight is not in the archive"));
  const auto program = Read(archive, {.weightless = true});
  ASSERT_TRUE(program.ok()) << program.error().message;
  EXPECT_TRUE(program->weights.at("l.weight").IsAbsent());
}

TEST(Weights, MustHaveTheTypeThatTheProgramSays) {
  RepackedArchive archive("pt2-2.14.1/shared.pt2");
  RepackedArchive::Replace(archive.Entry("model_weights_config.json"), R"("sizes": [{"as_int": 2}, {"as_int": 4}])",
                           R"("sizes": [{"as_int": 2}, {"as_int": 3}])");
  EXPECT_THAT(ErrorOf(archive), HasSubstr("is float[2,3] in the archive, but float[2,4] in the program"));
}

TEST(Weights, MustLieWithinTheirPayload) {
  RepackedArchive archive("pt2-2.14.1/shared.pt2");
  archive.Entry("data/weights/weight_0").resize(28);
  EXPECT_THAT(ErrorOf(archive), HasSubstr("tensor p (sizes [2, 4], strides [1, 2], offset 0) reads past its 28 bytes"));
}

TEST(Weights, MustBeInTheArchive) {
  RepackedArchive archive("pt2-2.14.1/shared.pt2");
  RepackedArchive::Replace(archive.Entry("model_weights_config.json"), "\"weight_0\"", "\"../../weight_0\"");
  EXPECT_THAT(ErrorOf(archive),
              HasSubstr("FL1001 t.pt2: the bytes of p (shared/data/weights/../../weight_0) are not in it"));
}

TEST(Weights, OfBigEndianWritersAreTurnedAround) {
  RepackedArchive archive("pt2-2.14.1/shared.pt2");
  const auto right = Read(archive);
  archive.Entry("byteorder") = "big";
  for (auto& [name, bytes] : archive.entries()) {
    const bool doubles = name.ends_with("weight_4"), bytewise = name.ends_with("weight_6"),
               halves = name.ends_with("weight_5");
    const bool payload = name.find("/weight_") != std::string::npos || name.find("/tensor_") != std::string::npos;
    if (!payload || bytewise) continue;
    const std::size_t width = doubles ? 8 : halves ? 2 : 4;
    for (std::size_t at = 0; at + width <= bytes.size(); at += width)
      std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                   bytes.begin() + static_cast<std::ptrdiff_t>(at + width));
  }
  const auto turned = Read(archive);
  ASSERT_TRUE(right.ok() && turned.ok());
  for (const auto& [name, tensor] : right->weights) EXPECT_TRUE(SameContent(tensor, turned->weights.at(name))) << name;
}

TEST(Weights, ThatAreTiedAreTheSameView) {
  const auto program = Read(RepackedArchive("pt2-2.14.1/shared.pt2"));
  ASSERT_TRUE(program.ok());
  EXPECT_TRUE(SameView(program->weights.at("emb.weight"), program->weights.at("lin.weight")));
}

TEST(Weights, SayWhereTheyStandInTheFile) {
  Diagnostics diagnostics;
  const auto program =
      ReadExportedProgram(std::filesystem::path(FAIRLEAD_TEST_DATA "/fixtures/pt2-2.14.1/shared.pt2"), {}, diagnostics);
  ASSERT_TRUE(program.ok());
  const Tensor& weight = program->weights.at("emb.weight");
  ASSERT_TRUE(weight.range().has_value());
  EXPECT_EQ(weight.range()->offset % 64, 0u);
  EXPECT_EQ(weight.range()->file->bytes().data() + weight.range()->offset, weight.bytes().data());
}

TEST(Weights, AreCheckedWhenAsked) {
  RepackedArchive archive("pt2-2.14.1/shared.pt2");
  const std::string payload = archive.Entry("data/weights/weight_1");
  std::string bytes = archive.Bytes();
  const std::size_t at = bytes.find(payload);
  bytes[at] ^= 1;
  const auto read = [&](bool check) {
    Diagnostics diagnostics;
    return ReadExportedProgram(MappedFile::FromBytes(ToBytes(bytes), "t.pt2"), {.check_crc = check}, diagnostics).ok();
  };
  EXPECT_TRUE(read(false));
  EXPECT_FALSE(read(true));
}

// ---- archives

TEST(Archives, OfOneProgramMayGiveItAnyName) {
  RepackedArchive archive("pt2-2.14.1/nograd.pt2");
  for (auto& [name, bytes] : archive.entries()) {
    const std::size_t at = name.find("model");
    if (name.find("models/model.json") != std::string::npos) name = "nograd/models/other.json";
    if (at != std::string::npos && name.find("data/") != std::string::npos) name.replace(name.rfind("model"), 5, "other");
  }
  EXPECT_EQ(ErrorOf(archive), "read");
}

TEST(Archives, OfSeveralProgramsAreNamed) {
  RepackedArchive archive("pt2-2.14.1/nograd.pt2");
  const std::string program = archive.program();
  archive.Remove("models/model.json");
  archive.Add("nograd/models/a.json", program);
  archive.Add("nograd/models/b.json", program);
  EXPECT_THAT(ErrorOf(archive), HasSubstr("it holds several programs (a, b) and none named model"));
}

FileKind KindOf(const std::string& bytes) { return Identify(MappedFile::FromBytes(ToBytes(bytes), "f")).kind; }

TEST(Identify, NamesFilesByTheirBytes) {
  EXPECT_EQ(KindOf(""), FileKind::kEmpty);
  EXPECT_EQ(KindOf("hello"), FileKind::kUnknown);
  const std::string whole(RepackedArchive::Open("pt2-2.14.1/nograd.pt2").text());
  EXPECT_EQ(KindOf(whole), FileKind::kExportedProgram);
  EXPECT_EQ(KindOf(whole.substr(0, whole.size() / 2)), FileKind::kTruncated);
  EXPECT_EQ(KindOf(std::string(RepackedArchive::Open("torchscript/flow_scripted.pt").text())), FileKind::kTorchScript);
  EXPECT_EQ(KindOf(std::string(RepackedArchive::Open("tensors/types.safetensors").text())), FileKind::kSafetensors);
  EXPECT_EQ(KindOf(RepackedArchive("pt2-2.6.0/half.pt2").Entry("serialized_state_dict.pt")), FileKind::kStateDict);
  EXPECT_EQ(KindOf(std::string(RepackedArchive::Open("tensors/types.npz").text())), FileKind::kUnknown);
  EXPECT_EQ(KindOf(std::string("\x08\x0a\x12\x07pytorch", 11)), FileKind::kOnnx);
  RepackedArchive aoti("pt2-2.14.1/nograd.pt2");
  aoti.Remove("models/model.json");
  EXPECT_EQ(KindOf(aoti.Bytes()), FileKind::kIncomplete);
  aoti.Add("nograd/data/aotinductor/model/x.so", "code");
  EXPECT_EQ(KindOf(aoti.Bytes()), FileKind::kAotInductorPackage);
}

TEST(Identify, SaysWhatAFileIsInsteadOfAProgram) {
  Diagnostics diagnostics;
  const auto program = ReadExportedProgram(
      std::filesystem::path(FAIRLEAD_TEST_DATA "/fixtures/torchscript/flow_scripted.pt"), {}, diagnostics);
  ASSERT_FALSE(program.ok());
  EXPECT_THAT(program.error().message, HasSubstr("is a TorchScript file"));
  EXPECT_THAT(program.error().hint, HasSubstr("torch.export.export"));
}

// ---- sample inputs

TEST(SampleInputs, AreLeftOutWithAReason) {
  RepackedArchive archive("pt2-2.14.1/nograd.pt2");
  archive.Entry("sample_inputs/model.pt") = "not a zip";
  const auto program = Read(archive);
  ASSERT_TRUE(program.ok());
  ASSERT_EQ(program->sample_input_notes.size(), 1u);
  EXPECT_THAT(program->sample_input_notes[0], HasSubstr("the sample inputs cannot be read"));
}

TEST(SampleInputs, MayNotGrowWithoutEnd) {
  // A list that holds the list before it ten times, thirty times over.
  std::string pickle = "\x80\x02]q";
  pickle += '\0';
  for (char i = 0; i < 30; ++i) {
    pickle += "(";
    for (int j = 0; j < 10; ++j) pickle += {'h', i};
    pickle += {'t', 'q', static_cast<char>(i + 1)};
  }
  pickle = "\x80\x02(" + pickle.substr(2) + "t.";
  RepackedArchive archive("pt2-2.14.1/nograd.pt2");
  RepackedZip samples(OwnedContent(ToBytes(archive.Entry("sample_inputs/model.pt"))));
  samples.Entry("data.pkl") = pickle;
  archive.Entry("sample_inputs/model.pt") = samples.Bytes();
  const auto program = Read(archive);
  ASSERT_TRUE(program.ok());
  ASSERT_EQ(program->sample_input_notes.size(), 1u);
  EXPECT_THAT(program->sample_input_notes[0], HasSubstr("too many"));
}

}  // namespace
}  // namespace fairlead
