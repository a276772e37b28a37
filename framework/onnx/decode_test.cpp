#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>

#include <random>

#include "ir/verifier.hpp"
#include "onnx/model_io.hpp"
#include "onnx/schema.hpp"
#include "onnx/testing/judge.hpp"
#include "onnx/testing/random_graph.hpp"

namespace fairlead::onnx_room {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing_onnx::Folder;
using testing_onnx::RandomGraph;
using testing_onnx::ReadBytes;
using testing_onnx::Succeeds;
using testing_onnx::WriteBytes;

std::string Encode(const ModelHeader& header, const Graph& graph) {
  auto encoded = EncodeModel(header, graph, [](const Initializer&) { return Placement(); });
  EXPECT_TRUE(encoded.ok()) << encoded.error().message;
  return encoded.ok() ? encoded->pieces.front() : std::string();
}

class DecodeModelTest : public testing::Test {
 protected:
  // A model that adds `tensor` to itself.
  static onnx::ModelProto Doubling(const onnx::TensorProto& tensor) {
    onnx::ModelProto model;
    model.set_ir_version(8);
    model.add_opset_import()->set_version(20);
    onnx::GraphProto& graph = *model.mutable_graph();
    graph.set_name("main");
    *graph.add_initializer() = tensor;
    graph.mutable_initializer(0)->set_name("w");
    onnx::NodeProto& add = *graph.add_node();
    add.set_op_type("Add");
    add.add_input("w");
    add.add_input("w");
    add.add_output("y");
    graph.add_output()->set_name("y");
    return model;
  }
  static onnx::TensorProto Floats(int64_t count) {
    onnx::TensorProto tensor;
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    tensor.add_dims(count);
    return tensor;
  }
  static onnx::TensorProto External(const std::string& location, const std::string& offset = "0",
                                    const std::string& length = "8") {
    onnx::TensorProto tensor = Floats(2);
    tensor.set_data_location(onnx::TensorProto::EXTERNAL);
    for (const auto& [key, value] : {std::pair{"location", location}, {"offset", offset}, {"length", length}}) {
      auto* const entry = tensor.add_external_data();
      entry->set_key(key);
      entry->set_value(value);
    }
    return tensor;
  }

  fs::path Path(const std::string& name) const { return folder_.path() / name; }
  Result<DecodedModel> Decode(const std::string& bytes) {
    WriteBytes(Path("m.onnx"), bytes);
    return DecodeModel(Path("m.onnx"));
  }
  Result<DecodedModel> Decode(const onnx::ModelProto& model) { return Decode(model.SerializeAsString()); }
  std::string Why(const onnx::ModelProto& model) {
    const auto decoded = Decode(model);
    return decoded.ok() ? "ok" : decoded.error().rule + " " + decoded.error().message;
  }

  Folder folder_;
};

TEST_F(DecodeModelTest, GivesBackWhatWasEncoded) {
  for (uint32_t seed = 0; seed < 40; ++seed) {
    const Graph graph = RandomGraph(seed);
    const ModelHeader header = {
        IrVersion(graph, 20), {{"", 20}, {"com.acme", 1}}, {{"key", "value"}}, "fairlead", "0.1", "doc"};
    const std::string bytes = Encode(header, graph);
    const auto decoded = Decode(bytes);
    ASSERT_TRUE(decoded.ok()) << decoded.error().message;
    EXPECT_EQ(Encode(decoded->header, decoded->graph), bytes) << seed;
    EXPECT_TRUE(VerifyGraph(decoded->graph).ok()) << VerifyGraph(decoded->graph).error().message;
  }
}

// 2,000 models by ONNX's authors: every operator, attribute kind and data type there is.
TEST_F(DecodeModelTest, KeepsTheModelsOfONNXsOwnTests) {
  const fs::path originals = Path("originals"), copies = Path("copies");
  fs::create_directory(originals);
  ASSERT_TRUE(Succeeds("onnx_corpus.py", "make " + originals.string()));
  int refused = 0, kept = 0;
  for (const auto& entry : fs::directory_iterator(originals)) {
    const auto decoded = DecodeModel(entry.path());
    if (!decoded.ok()) {
      EXPECT_THAT(decoded.error().message,
                  AnyOf(HasSubstr("holds strings"), HasSubstr("holds a type"), HasSubstr("holds a sparse tensor")));
      ++refused;
      continue;
    }
    ++kept;
    EXPECT_TRUE(VerifyGraph(decoded->graph).ok()) << entry.path() << VerifyGraph(decoded->graph).error().message;
    WriteBytes(copies / entry.path().filename(), Encode(decoded->header, decoded->graph));
  }
  EXPECT_GT(kept, 1900);
  EXPECT_LT(refused, 60);
  EXPECT_TRUE(Succeeds("onnx_corpus.py", "compare " + originals.string() + " " + copies.string()));
}

TEST_F(DecodeModelTest, ViewsWeightsInTheFile) {
  onnx::TensorProto tensor = Floats(1000);
  tensor.set_raw_data(std::string(4000, 'x'));
  const auto decoded = Decode(Doubling(tensor));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  const Tensor& weight = decoded->graph.initializers()[0].tensor;
  ASSERT_TRUE(weight.range().has_value());
  EXPECT_EQ(ReadBytes(Path("m.onnx")).substr(weight.range()->offset, weight.range()->size), std::string(4000, 'x'));
}

TEST_F(DecodeModelTest, ReadsTypedDataOfEveryWidth) {
  onnx::TensorProto halves;
  halves.set_data_type(onnx::TensorProto::FLOAT16);
  halves.add_dims(2);
  halves.add_int32_data(0x3c00);  // 1 and -2 as IEEE halves
  halves.add_int32_data(0xc000);
  EXPECT_THAT(*Decode(Doubling(halves))->graph.initializers()[0].tensor.AsDoubles(), ElementsAre(1, -2));
  onnx::TensorProto numbers;
  numbers.set_data_type(onnx::TensorProto::UINT32);
  numbers.add_dims(1);
  numbers.add_uint64_data(4000000000);
  EXPECT_THAT(*Decode(Doubling(numbers))->graph.initializers()[0].tensor.AsInts(), ElementsAre(4000000000));
}

TEST_F(DecodeModelTest, FindsExternalDataBesideTheModel) {
  fs::create_directory(Path("deep"));
  WriteBytes(Path("deep/w.bin"), std::string("....") + std::string("\0\0\x80\x3f\0\0\0\x40", 8));
  const auto decoded = Decode(Doubling(External("deep/w.bin", "4")));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_THAT(*decoded->graph.initializers()[0].tensor.AsDoubles(), ElementsAre(1, 2));
}

TEST_F(DecodeModelTest, NeverLeavesTheFolderOfTheModel) {
  const Folder other;
  WriteBytes(other.path() / "secret", "12345678");
  WriteBytes(Path("w.bin"), "12345678");
  fs::create_symlink(other.path() / "secret", Path("link"));
  fs::create_directory_symlink(other.path(), Path("folder"));
  fs::create_hard_link(Path("w.bin"), Path("second"));
  for (const std::string& location : {std::string("/etc/passwd"), "../" + other.path().filename().string() + "/secret",
                                      std::string("link"), std::string("folder/secret"), std::string("second"),
                                      std::string("a/../../x"), std::string(), std::string("w.bin\0.txt", 9)})
    EXPECT_THAT(Why(Doubling(External(location))), HasSubstr("FL6008")) << location;
}

TEST_F(DecodeModelTest, RefusesExternalDataThatDoesNotFit) {
  WriteBytes(Path("w.bin"), "12345678");
  EXPECT_EQ(Why(Doubling(External("w.bin"))), "ok");
  for (const auto& [offset, length] :
       {std::pair{"1", "8"}, {"0", "9"}, {"0", "4"}, {"18446744073709551615", "8"}, {"-1", "8"}, {"x", "8"}})
    EXPECT_THAT(Why(Doubling(External("w.bin", offset, length))), HasSubstr("FL6009")) << offset << " " << length;
  EXPECT_THAT(Why(Doubling(External("missing.bin"))), HasSubstr("FL6009"));
}

TEST_F(DecodeModelTest, RefusesTensorsWhoseSizeLies) {
  onnx::TensorProto tensor = Floats(2);
  EXPECT_THAT(Why(Doubling(tensor)), HasSubstr("tensor w has 0 bytes, its type needs 8"));
  tensor.set_raw_data("123456789");
  EXPECT_THAT(Why(Doubling(tensor)), HasSubstr("tensor w has 9 bytes, its type needs 8"));
  tensor.add_dims(int64_t{1} << 62);
  EXPECT_THAT(Why(Doubling(tensor)), HasSubstr("too large to exist"));
  tensor.set_dims(1, -1);
  EXPECT_THAT(Why(Doubling(tensor)), HasSubstr("a dimension of -1"));
  tensor.set_data_type(99);
  EXPECT_THAT(Why(Doubling(tensor)), HasSubstr("has data type 99"));
}

TEST_F(DecodeModelTest, RefusesGraphsThatReadWhatNothingComputes) {
  onnx::TensorProto tensor = Floats(0);
  onnx::ModelProto model = Doubling(tensor);
  model.mutable_graph()->mutable_node(0)->set_input(1, "later");
  EXPECT_THAT(Why(model), HasSubstr("FL1001"));
  EXPECT_THAT(Why(model), HasSubstr("Add reads later, which nothing before it computes"));
  model = Doubling(tensor);
  model.mutable_graph()->mutable_node(0)->set_output(0, "w");
  EXPECT_THAT(Why(model), HasSubstr("two values of graph main are called w"));
  model = Doubling(tensor);
  model.mutable_graph()->mutable_output(0)->set_name("z");
  EXPECT_THAT(Why(model), HasSubstr("nothing computes output z"));
}

// f0 calls f1 twice, f1 calls f2 twice …: two to the fortieth nodes.
TEST_F(DecodeModelTest, RefusesFunctionsThatExplode) {
  onnx::ModelProto model = Doubling(Floats(0));
  model.add_opset_import()->set_domain("f");
  model.mutable_opset_import(1)->set_version(1);
  for (int i = 0; i < 40; ++i) {
    onnx::FunctionProto& function = *model.add_functions();
    function.set_domain("f");
    function.set_name("f" + std::to_string(i));
    function.add_input("x");
    function.add_output("b");
    for (const auto& [input, output] : {std::pair{"x", "a"}, {"a", "b"}}) {
      onnx::NodeProto& node = *function.add_node();
      node.set_op_type(i == 39 ? "Relu" : "f" + std::to_string(i + 1));
      if (i < 39) node.set_domain("f");
      node.add_input(input);
      node.add_output(output);
    }
    for (const char* domain : {"", "f"}) {
      auto* const import = function.add_opset_import();
      import->set_domain(domain);
      import->set_version(domain[0] == 0 ? 20 : 1);
    }
  }
  onnx::NodeProto& call = *model.mutable_graph()->add_node();
  call.set_op_type("f30");
  call.set_domain("f");
  call.add_input("y");
  call.add_output("z");
  const auto decoded = Decode(model);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(decoded->graph.order().size(), 1u + 1024u);
  model.mutable_graph()->mutable_node(1)->set_op_type("f0");
  EXPECT_THAT(Why(model), HasSubstr("its functions stand for more than 1000000 nodes"));
  model.mutable_functions(39)->mutable_node(0)->set_op_type("f0");
  model.mutable_functions(39)->mutable_node(0)->set_domain("f");
  EXPECT_THAT(Why(model), HasSubstr("or call themselves"));
}

TEST_F(DecodeModelTest, NamesTheFilesOfExternalDataWhereverTensorsAre) {
  onnx::ModelProto model = Doubling(External("w.bin"));
  onnx::AttributeProto& attribute = *model.mutable_graph()->mutable_node(0)->add_attribute();
  *attribute.mutable_g()->add_initializer() = External("folder/../nested.bin");
  *model.mutable_graph()->add_initializer() = External("w.bin", "no number");
  WriteBytes(Path("m.onnx"), model.SerializeAsString());
  const auto files = ExternalDataFiles(Path("m.onnx"));
  ASSERT_TRUE(files.ok()) << files.error().message;
  EXPECT_THAT(*files, ElementsAre(Path("folder/../nested.bin"), Path("w.bin")));
  EXPECT_EQ(ExternalDataFiles(Path("missing.onnx")).error().rule, "FL1001");
}

TEST_F(DecodeModelTest, RefusesWhatIsNoModel) {
  EXPECT_EQ(DecodeModel(Path("missing.onnx")).error().rule, "FL1001");
  for (const std::string& bytes :
       {std::string(), std::string("hello"), std::string(1000, '\xff'), std::string("\x08\x07", 2)})
    EXPECT_EQ(Decode(bytes).error().rule, "FL1001");
}

// Whatever happens to the bytes, there is an answer, and a graph that is answered is valid.
TEST_F(DecodeModelTest, SurvivesDamage) {
  std::mt19937 random(1);
  const std::string good = Encode({8, {{"", 20}}, {}, "", "", ""}, RandomGraph(2));
  for (int i = 0; i < 1000; ++i) {
    std::string bad = good;
    for (int n = 0; n < 1 + i % 4; ++n) bad[random() % bad.size()] = static_cast<char>(random());
    const auto decoded = Decode(bad);
    if (!decoded.ok()) continue;
    const Status valid = VerifyGraph(decoded->graph);
    EXPECT_TRUE(valid.ok()) << valid.error().message;
  }
}

}  // namespace
}  // namespace fairlead::onnx_room
