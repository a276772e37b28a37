#include "archive/torch_file.hpp"

#include <gmock/gmock.h>

#include <sstream>

#include "archive/zip_writer.hpp"

namespace fairlead {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::string_literals;

std::span<const std::byte> Bytes(const std::string& text) { return std::as_bytes(std::span(text)); }

// A torch.save file of one pickle and one storage of four float32: 0, 1, 2, 3.
Result<TorchFile> Saved(const std::string& pickle, const std::string& byteorder = "little") {
  const std::string storage("\0\0\0\0\0\0\x80\x3f\0\0\0\x40\0\0\x40\x40", 16);
  std::ostringstream out;
  ZipWriter zip(out);
  zip.Add("archive/data.pkl", {Bytes(pickle)});
  zip.Add("archive/byteorder", {Bytes(byteorder)});
  zip.Add("archive/data/0", {Bytes(storage)});
  zip.Finish();
  const std::string bytes = out.str();
  return TorchFile::Open(OwnedContent({Bytes(bytes).begin(), Bytes(bytes).end()}), "t", ZipArchive::Crc::kSkip);
}

// Pickles as Python writes them.
std::string Text(const std::string& text) { return "X"s + static_cast<char>(text.size()) + "\0\0\0"s + text; }
std::string Global(const std::string& module, const std::string& name) { return "c" + module + "\n" + name + "\n"; }
std::string Int(int value) { return "K"s + static_cast<char>(value); }
std::string Tuple(const std::vector<std::string>& items) {
  std::string out = "(";
  for (const std::string& item : items) out += item;
  return out + "t";
}
std::string Call(const std::string& callee, const std::vector<std::string>& arguments) {
  return callee + Tuple(arguments) + "R";
}
std::string Storage(const std::string& type = "FloatStorage", const std::string& key = "0",
                    const std::string& location = "cpu", int count = 4, const std::string& module = "torch") {
  return Tuple({Text("storage"), Global(module, type), Text(key), Text(location), Int(count)}) + "Q";
}
const std::string kHooks = Global("collections", "OrderedDict") + ")R";
std::string TensorV2(const std::string& storage, const std::vector<int>& sizes, const std::vector<int>& strides,
                     int offset = 0, const std::vector<std::string>& more = {}) {
  std::vector<std::string> dims, steps;
  for (const int size : sizes) dims.push_back(Int(size));
  for (const int stride : strides) steps.push_back(Int(stride));
  std::vector<std::string> arguments = {storage, Int(offset), Tuple(dims), Tuple(steps), "\x89", kHooks};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return Call(Global("torch._utils", "_rebuild_tensor_v2"), arguments);
}

Result<Tensor> ReadOne(const std::string& tensor, const std::string& byteorder = "little") {
  const auto file = Saved("\x80\x02" + tensor + ".", byteorder);
  if (!file.ok()) return file.status();
  return file->ReadTensor(file->pickle().root(), "w");
}

std::string ErrorOf(const std::string& tensor) {
  const auto read = ReadOne(tensor);
  return read.ok() ? "read" : read.error().rule + " " + read.error().message;
}

TEST(TorchFile, ReadsTensorsOverTheirStorage) {
  EXPECT_THAT(*ReadOne(TensorV2(Storage(), {2, 2}, {2, 1}))->AsDoubles(), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(*ReadOne(TensorV2(Storage(), {2, 2}, {1, 2}))->Dense().AsDoubles(), ElementsAre(0, 2, 1, 3));
  EXPECT_THAT(*ReadOne(TensorV2(Storage(), {2}, {1}, 2))->AsDoubles(), ElementsAre(2, 3));
}

TEST(TorchFile, ReadsParametersAndPlainSubclasses) {
  const std::string tensor = TensorV2(Storage(), {4}, {1});
  const std::string arguments = Tuple({Storage(), Int(0), Tuple({Int(4)}), Tuple({Int(1)}), "\x89", kHooks});
  for (const std::string& saved :
       {Call(Global("torch._utils", "_rebuild_parameter"), {tensor, "\x88", kHooks}),
        Call(Global("torch._utils", "_rebuild_parameter_with_state"), {tensor, "\x88", kHooks, "}"}),
        Call(Global("torch._tensor", "_rebuild_from_type_v2"),
             {Global("torch._utils", "_rebuild_tensor_v2"), Global("torch.nn.parameter", "Parameter"), arguments, "}"})}) {
    const auto read = ReadOne(saved);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_THAT(*read->AsDoubles(), ElementsAre(0, 1, 2, 3));
  }
}

TEST(TorchFile, ReadsUntypedStoragesWithTheirType) {
  const auto v3 = [](const std::string& dtype) {
    return Call(Global("torch._utils", "_rebuild_tensor_v3"),
                {Storage("UntypedStorage", "0", "cpu", 16, "torch.storage"), Int(0), Tuple({Int(4)}), Tuple({Int(1)}),
                 "\x89", kHooks, Global("torch", dtype)});
  };
  EXPECT_EQ(ReadOne(v3("uint16"))->dtype(), DType::kUint16);
  EXPECT_EQ(ReadOne(v3("float8_e4m3fn"))->bytes().size(), 4u);
  EXPECT_THAT(ErrorOf(v3("float3")), HasSubstr("data type float3"));
}

TEST(TorchFile, TurnsBigEndianStoragesAround) {
  EXPECT_EQ(ReadOne(TensorV2(Storage("ShortStorage", "0", "cpu", 8), {1}, {1}, 3), "big")->AsInts(),
            (std::vector<int64_t>{static_cast<int16_t>(0x803f)}));
}

TEST(TorchFile, SaysWhenThereIsNoData) {
  EXPECT_THAT(ErrorOf(TensorV2(Storage("FloatStorage", "0", "meta"), {4}, {1})), HasSubstr("FL1009 w has no data"));
  EXPECT_THAT(ErrorOf(Call(Global("torch._utils", "_rebuild_meta_tensor_no_storage"), {Int(0)})), HasSubstr("FL1009"));
  EXPECT_THAT(ErrorOf(Call(Global("torch._export.serde.serialize", "_reconstruct_fake_tensor"), {Text("x")})),
              HasSubstr("FL1009"));
}

TEST(TorchFile, NamesTensorsThatAreNotStrided) {
  EXPECT_EQ(ErrorOf(Call(Global("torch._utils", "_rebuild_sparse_tensor"), {Int(0)})),
            "FL2015 w is saved by _rebuild_sparse_tensor: sparse, quantized or a subclass");
  EXPECT_EQ(ErrorOf(TensorV2(Storage("QInt8Storage"), {4}, {1})), "FL2015 w has a storage of class torch.QInt8Storage");
}

TEST(TorchFile, ReadsNothingElse) {
  const std::string tensor = TensorV2(Storage(), {4}, {1});
  EXPECT_THAT(ErrorOf(Call(Global("os", "system"), {Text("true")})), HasSubstr("made by os.system"));
  EXPECT_THAT(ErrorOf(Int(1)), HasSubstr("a plain Python value"));
  EXPECT_THAT(
      ErrorOf(Call(Global("torch._tensor", "_rebuild_from_type_v2"), {tensor, Global("my", "Tensor"), Tuple({}), "}"})),
      HasSubstr("a tensor subclass my.Tensor"));
  EXPECT_THAT(ErrorOf(TensorV2(Storage(), {4}, {1}, 0, {"}" + Text("conj") + "\x88s"})), HasSubstr("lazily conjugated"));
  EXPECT_THAT(ErrorOf(TensorV2(Int(1), {4}, {1})), HasSubstr("no storage"));
  EXPECT_THAT(ErrorOf(TensorV2(Int(1) + "Q", {4}, {1})), HasSubstr("a broken storage"));
  EXPECT_THAT(ErrorOf(Call(Global("torch._utils", "_rebuild_tensor_v2"), {Int(1)})), HasSubstr("too few arguments"));
}

TEST(TorchFile, RefusesStoragesThatLie) {
  EXPECT_THAT(ErrorOf(TensorV2(Storage("FloatStorage", "1"), {4}, {1})), HasSubstr("storage 1 of w is not in the file"));
  EXPECT_THAT(ErrorOf(TensorV2(Storage("FloatStorage", "../data.pkl"), {4}, {1})), HasSubstr("is not in the file"));
  EXPECT_THAT(ErrorOf(TensorV2(Storage("FloatStorage", "0", "cpu", 5), {4}, {1})),
              HasSubstr("5 elements of 4 bytes are promised"));
  EXPECT_THAT(ErrorOf(TensorV2(Storage(), {5}, {1})), HasSubstr("reads past its 16 bytes"));
}

TEST(TorchFile, StopsAtAParameterOfItself) {
  // p = _rebuild_parameter(p): the tuple of arguments is filled before it exists only in a hostile pickle.
  std::string nested = TensorV2(Storage(), {4}, {1});
  for (int i = 0; i < 20; ++i) nested = Call(Global("torch._utils", "_rebuild_parameter"), {nested});
  EXPECT_THAT(ErrorOf(nested), HasSubstr("nested too deep"));
  std::string types = Tuple({});
  for (int i = 0; i < 20; ++i)
    types = Tuple({Global("torch._tensor", "_rebuild_from_type_v2"), Global("torch", "Tensor"), types, "}"});
  EXPECT_THAT(ErrorOf("\x80\x02"s + Global("torch._tensor", "_rebuild_from_type_v2") + types + "R"),
              HasSubstr("nested too deep"));
}

TEST(TorchFile, ListsADictOfNames) {
  const auto file =
      Saved("\x80\x02}(" + Text("a") + Int(1) + Int(7) + Int(2) + Text("b") + TensorV2(Storage(), {4}, {1}) + "u.");
  ASSERT_TRUE(file.ok()) << file.error().message;
  const auto entries = file->Dict();
  ASSERT_EQ(entries.size(), 2u);  // the key 7 is no name
  EXPECT_EQ(entries[0].first, "a");
  EXPECT_FALSE(file->IsTensor(entries[0].second));
  EXPECT_TRUE(file->IsTensor(entries[1].second));
}

TEST(TorchFile, IsAZipWithAPickle) {
  std::ostringstream out;
  ZipWriter zip(out);
  zip.Add("archive/data/0", {});
  zip.Finish();
  const std::string bytes = out.str();
  const auto file = TorchFile::Open(OwnedContent({Bytes(bytes).begin(), Bytes(bytes).end()}), "t", ZipArchive::Crc::kSkip);
  ASSERT_FALSE(file.ok());
  EXPECT_THAT(file.error().message, HasSubstr("no data.pkl"));
}

}  // namespace
}  // namespace fairlead
