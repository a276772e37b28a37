#include "archive/tensors_file.hpp"

#include <gmock/gmock.h>

#include <cstring>
#include <fstream>
#include <numeric>

#include "archive/npy.hpp"
#include "archive/safetensors.hpp"

namespace fairlead {
namespace {

using ::testing::HasSubstr;

// tests/data/fixtures/tensors: numpy's and safetensors' own files, made by make.py.
const std::filesystem::path kFolder = FAIRLEAD_TEST_DATA "/fixtures/tensors";

NamedTensors Read(const std::filesystem::path& path) {
  auto read = ReadTensors(path);
  EXPECT_TRUE(read.ok()) << read.error().message;
  return read.ok() ? *std::move(read) : NamedTensors();
}

Content Memory(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return OwnedContent({bytes.begin(), bytes.end()});
}

// 0, 1, 2 … in row-major order.
void ExpectCounted(const Tensor* tensor, DType dtype, std::vector<int64_t> dims) {
  ASSERT_NE(tensor, nullptr);
  EXPECT_EQ(tensor->dtype(), dtype);
  EXPECT_EQ(tensor->dims(), dims);
  const auto values = tensor->Dense().AsDoubles(1 << 20);
  ASSERT_TRUE(values.has_value());
  for (std::size_t i = 0; i < values->size(); ++i) EXPECT_EQ((*values)[i], static_cast<double>(i)) << i;
}

const std::vector<std::pair<std::string, DType>> kReal = {
    {"float16", DType::kFloat16}, {"float32", DType::kFloat}, {"float64", DType::kDouble}, {"int8", DType::kInt8},
    {"int16", DType::kInt16},     {"int32", DType::kInt32},   {"int64", DType::kInt64},    {"uint8", DType::kUint8},
    {"uint16", DType::kUint16},   {"uint32", DType::kUint32}, {"uint64", DType::kUint64}};

TEST(TensorsFile, ReadsEveryTypeOfNumpy) {
  const NamedTensors tensors = Read(kFolder / "types.npz");
  for (const auto& [name, dtype] : kReal) {
    SCOPED_TRACE(name);
    ExpectCounted(tensors.Find(name), dtype, {2, 3});
  }
  EXPECT_EQ(tensors.Find("bool")->AsInts(), (std::vector<int64_t>{0, 1, 1, 1, 1, 1}));
  EXPECT_EQ(tensors.Find("complex64")->bytes().size(), 48u);
  EXPECT_EQ(tensors.Find("complex128")->dtype(), DType::kComplex128);
  ExpectCounted(tensors.Find("scalar"), DType::kInt64, {});
  ExpectCounted(tensors.Find("empty"), DType::kFloat, {0, 3});
  EXPECT_EQ(tensors.tensors.size(), 16u);
}

TEST(TensorsFile, ReadsStoredArraysAsViewsOfTheFile) {
  const NamedTensors tensors = Read(kFolder / "types.npz");
  EXPECT_TRUE(tensors.Find("float32")->range().has_value());
}

TEST(TensorsFile, ReadsCompressedArchives) {
  ExpectCounted(Read(kFolder / "compressed.npz").Find("x"), DType::kInt32, {100, 100});
}

TEST(TensorsFile, ReadsColumnMajorAndBigEndianArrays) {
  ExpectCounted(Read(kFolder / "fortran.npy").Find("fortran"), DType::kFloat, {2, 3});
  ExpectCounted(Read(kFolder / "big_endian.npy").Find("big_endian"), DType::kInt32, {2, 3});
}

TEST(TensorsFile, RefusesArraysThatAreNoNumbers) {
  EXPECT_THAT(std::string(ReadTensors(kFolder / "text.npy").status().message()),
              HasSubstr("its type '<U1' is none of numbers"));
}

TEST(TensorsFile, ReadsEveryTypeOfSafetensors) {
  const NamedTensors tensors = Read(kFolder / "types.safetensors");
  for (const auto& [name, dtype] : kReal) {
    SCOPED_TRACE(name);
    ExpectCounted(tensors.Find(name), dtype, {2, 3});
  }
  ExpectCounted(tensors.Find("bfloat16"), DType::kBFloat16, {2, 3});
  ExpectCounted(tensors.Find("scalar"), DType::kInt64, {});
  ExpectCounted(tensors.Find("empty"), DType::kFloat, {0, 3});
  EXPECT_EQ(tensors.Find("float8_e4m3fn")->dtype(), DType::kFloat8E4M3FN);
  // 0 1 2 3 4 5 with a bias of 7 and three bits of fraction.
  const std::vector<uint8_t> bytes = {0x00, 0x38, 0x40, 0x44, 0x48, 0x4a};
  EXPECT_EQ(std::memcmp(tensors.Find("float8_e4m3fn")->bytes().data(), bytes.data(), 6), 0);
  EXPECT_EQ(tensors.metadata, (std::vector<std::pair<std::string, std::string>>{{"made by", "make.py"}}));
}

class WrittenFile : public ::testing::TestWithParam<std::string> {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  std::filesystem::path path_ =
      std::filesystem::path(::testing::TempDir()) / ("written_" + std::to_string(::getpid()) + GetParam());
};

TEST_P(WrittenFile, ReadsBackTheSame) {
  NamedTensors tensors = Read(kFolder / "types.safetensors");
  if (GetParam() == ".npz") {
    std::erase_if(tensors.tensors, [](const auto& entry) { return NpyHeader(entry.second).empty(); });
    tensors.metadata.clear();
  }
  tensors.tensors.emplace_back("fortran", *Read(kFolder / "fortran.npy").Find("fortran"));
  const Status written = WriteTensors(path_, tensors);
  ASSERT_TRUE(written.ok()) << written.message();
  const NamedTensors back = Read(path_);
  ASSERT_EQ(back.tensors.size(), tensors.tensors.size());
  for (std::size_t i = 0; i < back.tensors.size(); ++i) {
    EXPECT_EQ(back.tensors[i].first, tensors.tensors[i].first);
    EXPECT_TRUE(SameContent(back.tensors[i].second, tensors.tensors[i].second)) << back.tensors[i].first;
  }
  EXPECT_EQ(back.metadata, tensors.metadata);
  EXPECT_FALSE(std::filesystem::exists(path_.string() + ".partial"));
}

TEST_P(WrittenFile, IsNotLeftBehindWhenItCannotBeWhole) {
  NamedTensors tensors;
  tensors.tensors.emplace_back("x", Tensor::Absent(DType::kFloat, {2}));
  EXPECT_EQ(WriteTensors(path_, tensors).error().rule, "FL6015");
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_FALSE(std::filesystem::exists(path_.string() + ".partial"));
}

INSTANTIATE_TEST_SUITE_P(Forms, WrittenFile, ::testing::Values(".npz", ".safetensors"));

TEST(TensorsFile, RefusesToWriteWhatTheFormHasNot) {
  NamedTensors tensors;
  tensors.tensors.emplace_back("x", Tensor::Owned(DType::kBFloat16, {1}, std::vector<std::byte>(2)));
  EXPECT_THAT(std::string(WriteTensors(::testing::TempDir() + "x.npz", tensors).message()),
              HasSubstr("numpy has no bfloat16"));
  EXPECT_THAT(std::string(WriteTensors(::testing::TempDir() + "x.txt", tensors).message()),
              HasSubstr(".npz and .safetensors"));
  tensors.tensors.push_back(tensors.tensors[0]);
  EXPECT_THAT(std::string(WriteTensors(::testing::TempDir() + "x.safetensors", tensors).message()),
              HasSubstr("two tensors"));
}

TEST(Npy, HasAHeaderOfWholeCacheLines) {
  const std::string header = NpyHeader(Tensor::Ints(std::vector<int64_t>{1, 2, 3}));
  EXPECT_EQ(header.size() % 64, 0u);
  EXPECT_THAT(header, HasSubstr("{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }"));
}

std::string Npy(const std::string& dict, const std::string& data) {
  std::string out = "\x93NUMPY\x01";
  out += '\0';
  out += {static_cast<char>(dict.size() & 0xff), static_cast<char>(dict.size() >> 8)};
  return out + dict + data;
}

TEST(Npy, RefusesHeadersThatNumpyDoesNotWrite) {
  const std::string four(4, '\0');
  EXPECT_TRUE(ReadNpy(Memory(Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", four)), "x").ok());
  for (const std::string dict :
       {"", "{", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False, 'shape': (1,}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", "{'descr': 4, 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387905,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "{'exec': '<f4', 'fortran_order': False, 'shape': (1,)}"})
    EXPECT_FALSE(ReadNpy(Memory(Npy(dict, four)), "x").ok()) << dict;
  std::string whole = Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", four);
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(ReadNpy(Memory(whole.substr(0, size)), "x").ok()) << size;
}

std::string Safetensors(const std::string& header, std::size_t data) {
  std::string out;
  for (int i = 0; i < 8; ++i) out += static_cast<char>(header.size() >> (8 * i) & 0xff);
  return out + header + std::string(data, '\0');
}

TEST(Safetensors, RefusesHeadersThatLie) {
  const auto read = [](const std::string& header, std::size_t data) {
    return ReadSafetensors(Memory(Safetensors(header, data)), "x").ok();
  };
  EXPECT_TRUE(read(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 8));
  EXPECT_FALSE(read(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 7));
  EXPECT_FALSE(read(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 9));
  EXPECT_FALSE(read(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", 8));
  EXPECT_FALSE(read(R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", 8));
  EXPECT_FALSE(read(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", 8));
  EXPECT_FALSE(read(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}})", 8));
  EXPECT_FALSE(read(R"({"a":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}})", 8));
  EXPECT_FALSE(read(
      R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})", 3));
  EXPECT_FALSE(read(
      R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})", 2));
  EXPECT_FALSE(read(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})", 0));
  EXPECT_FALSE(read("[]", 0));
}

}  // namespace
}  // namespace fairlead
