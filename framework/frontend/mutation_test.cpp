// Damages archives of each layout in hundreds of ways: what comes out is an error or a program that holds together, in
// time.
#include <gmock/gmock.h>

#include <chrono>
#include <random>

#include "frontend/frontend.hpp"
#include "frontend/repacked_archive.hpp"
#include "ir/verifier.hpp"

namespace fairlead {
namespace {

using ::testing::AnyOf;

// Deterministic: the same damage on every machine (std::uniform_int_distribution is not).
class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}
  std::size_t Roll(std::size_t sides) { return sides == 0 ? 0 : engine_() % sides; }

 private:
  std::mt19937_64 engine_;
};

void FlipBit(std::string& bytes, Dice& dice) {
  if (!bytes.empty()) bytes[dice.Roll(bytes.size())] ^= static_cast<char>(1 << dice.Roll(8));
}

void CutOff(std::string& bytes, Dice& dice) { bytes.resize(dice.Roll(bytes.size())); }

void DropRange(std::string& bytes, Dice& dice) {
  const std::size_t at = dice.Roll(bytes.size());
  bytes.erase(at, 1 + dice.Roll(40));
}

void RepeatRange(std::string& bytes, Dice& dice) {
  const std::size_t at = dice.Roll(bytes.size());
  bytes.insert(dice.Roll(bytes.size()), bytes.substr(at, 1 + dice.Roll(200)));
}

// Overwrites two, four or eight bytes with a number at an edge.
void LieInField(std::string& bytes, Dice& dice, std::size_t begin) {
  constexpr uint64_t kEdges[] = {0,          1,          0x7f,       0xff,       0x7fff,     0xffff,
                                 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, UINT64_MAX, INT64_MAX};
  const std::size_t width = std::size_t{2} << dice.Roll(3);
  if (bytes.size() < begin + width) return;
  const std::size_t at = begin + dice.Roll(bytes.size() - begin - width + 1);
  const uint64_t edge = kEdges[dice.Roll(std::size(kEdges))];
  for (std::size_t i = 0; i < width; ++i) bytes[at + i] = static_cast<char>(edge >> (8 * i) & 0xff);
}

// Puts another number, name or literal where one stands in JSON text.
void LieInJson(std::string& text, Dice& dice) {
  constexpr std::string_view kValues[] = {"0",
                                          "-1",
                                          "9223372036854775807",
                                          "-9223372036854775808",
                                          "1e308",
                                          "NaN",
                                          "null",
                                          "true",
                                          "[]",
                                          "{}",
                                          "4294967296",
                                          "\"x\"",
                                          "[[[[]]]]",
                                          "{\"as_none\": true}",
                                          "99"};
  const std::string_view value = kValues[dice.Roll(std::size(kValues))];
  const std::size_t start = dice.Roll(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t at = (start + i) % text.size();
    const char before = at > 0 ? text[at - 1] : ' ';
    if (before != ' ' && before != '[') continue;
    const std::size_t end = text.find_first_of(",]}", at);
    if (end == std::string::npos || end == at) continue;
    text.replace(at, end - at, value);
    return;
  }
}

// Exchanges one quoted word for another of the same text: names of values, of alternatives, of keys.
void ExchangeWords(std::string& text, Dice& dice) {
  const auto word = [&]() -> std::pair<std::size_t, std::size_t> {
    const std::size_t begin = text.find('"', dice.Roll(text.size()));
    const std::size_t end = begin == std::string::npos ? begin : text.find('"', begin + 1);
    return end == std::string::npos ? std::pair<std::size_t, std::size_t>(0, 0) : std::pair(begin, end + 1 - begin);
  };
  const auto from = word(), to = word();
  if (from.second == 0 || to.second == 0 || to.second > 60 || from.second > 60) return;
  const std::string replacement = text.substr(to.first, to.second);
  text.replace(from.first, from.second, replacement);
}

void DamageJson(std::string& text, Dice& dice) {
  switch (dice.Roll(6)) {
    case 0: return FlipBit(text, dice);
    case 1: return CutOff(text, dice);
    case 2: return DropRange(text, dice);
    case 3: return RepeatRange(text, dice);
    case 4: return LieInJson(text, dice);
    default: return ExchangeWords(text, dice);
  }
}

void DamageBytes(std::string& bytes, Dice& dice) {
  switch (dice.Roll(5)) {
    case 0: return CutOff(bytes, dice);
    case 1: return DropRange(bytes, dice);
    case 2: return RepeatRange(bytes, dice);
    case 3: return LieInField(bytes, dice, 0);
    default: return FlipBit(bytes, dice);
  }
}

// What was read is whole: the graph verifies, and every byte a weight covers can be read.
void ExpectWhole(const ExportedProgram& program) {
  const Status verified = VerifyGraph(program.graph);
  EXPECT_TRUE(verified.ok()) << verified.message();
  for (const auto& [name, tensor] : program.weights) {
    if (tensor.IsAbsent() || tensor.dense_size() > (1 << 20)) continue;
    EXPECT_EQ(tensor.Dense().bytes().size(), tensor.dense_size()) << name;
  }
}

bool ReadsOrSaysWhy(const std::shared_ptr<const MappedFile>& file) {
  const auto start = std::chrono::steady_clock::now();
  Diagnostics diagnostics;
  const auto program = ReadExportedProgram(file, {}, diagnostics);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
  if (program.ok()) {
    ExpectWhole(*program);
  } else {
    EXPECT_THAT(program.error().rule, AnyOf("FL1001", "FL1002", "FL1009", "FL2014", "FL2015"));
    EXPECT_NE(program.error().message, "");
  }
  return program.ok();
}

class DamagedArchive : public ::testing::TestWithParam<std::string> {};

TEST_P(DamagedArchive, IsReadAsItIsWhenUndamaged) { EXPECT_TRUE(ReadsOrSaysWhy(RepackedArchive(GetParam()).Pack())); }

TEST_P(DamagedArchive, SurvivesDamagedBytesOfTheFile) {
  const std::string whole(RepackedArchive::Open(GetParam()).text());
  const std::size_t directory = whole.find("PK\x01\x02");
  Dice dice(1);
  for (int i = 0; i < 150; ++i) {
    SCOPED_TRACE(i);
    std::string bytes = whole;
    // A third of the damage goes into the directory, where every field counts.
    if (i % 3 == 0) {
      LieInField(bytes, dice, directory);
    } else {
      DamageBytes(bytes, dice);
    }
    ReadsOrSaysWhy(MappedFile::FromBytes(ToBytes(bytes), "damaged.pt2"));
  }
}

TEST_P(DamagedArchive, SurvivesDamagedJson) {
  const RepackedArchive whole(GetParam());
  Dice dice(2);
  for (int i = 0; i < 150; ++i) {
    SCOPED_TRACE(i);
    RepackedArchive archive = whole;
    const std::size_t wounds = 1 + dice.Roll(3);
    for (std::size_t wound = 0; wound < wounds; ++wound) {
      const bool config = archive.Has("weights_config.json") && dice.Roll(4) == 0;
      DamageJson(config ? archive.Entry("weights_config.json") : archive.program(), dice);
    }
    ReadsOrSaysWhy(archive.Pack());
  }
}

TEST_P(DamagedArchive, SurvivesDamagedPickles) {
  const RepackedArchive whole(GetParam());
  Dice dice(3);
  for (int i = 0; i < 100; ++i) {
    SCOPED_TRACE(i);
    RepackedArchive archive = whole;
    for (auto& [name, bytes] : archive.entries()) {
      if (!bytes.starts_with("PK") || dice.Roll(2) != 0) continue;
      RepackedZip nested(OwnedContent(ToBytes(bytes)));
      DamageBytes(nested.Entry("data.pkl"), dice);
      bytes = nested.Bytes();
    }
    ReadsOrSaysWhy(archive.Pack());
  }
}

INSTANTIATE_TEST_SUITE_P(LayoutA, DamagedArchive,
                         ::testing::Values("pt2-2.1.2/shared.pt2", "pt2-2.4.1/shared.pt2", "pt2-2.6.0/scan_.pt2",
                                           "pt2-2.6.0/shared.pt2"));
INSTANTIATE_TEST_SUITE_P(LayoutB, DamagedArchive, ::testing::Values("pt2-2.8.0/shared.pt2", "pt2-2.8.0/mlp_dynamic.pt2"));
INSTANTIATE_TEST_SUITE_P(LayoutC, DamagedArchive,
                         ::testing::Values("pt2-2.14.1/shared.pt2", "pt2-2.14.1/while_.pt2", "pt2-2.14.1/cust.dec.pt2"));

}  // namespace
}  // namespace fairlead
