#include "archive/pickle.hpp"

#include <bit>
#include <unordered_map>

#include "archive/little_endian.hpp"

namespace fairlead {
namespace {

using Kind = PickleNode::Kind;

// Opcodes: CPython's Lib/pickletools.py. Those that build instances or read outside the pickle are missing on purpose.
enum Opcode : uint8_t {
  kMark = '(',
  kStop = '.',
  kBinFloat = 'G',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kNone = 'N',
  kBinPersId = 'Q',
  kReduce = 'R',
  kBinString = 'T',
  kShortBinString = 'U',
  kBinUnicode = 'X',
  kEmptyList = ']',
  kAppend = 'a',
  kBuild = 'b',
  kGlobal = 'c',
  kAppends = 'e',
  kBinGet = 'h',
  kLongBinGet = 'j',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kSetItem = 's',
  kTuple = 't',
  kEmptyTuple = ')',
  kSetItems = 'u',
  kEmptyDict = '}',
  kBinBytes = 'B',
  kShortBinBytes = 'C',
  kProto = 0x80,
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kLong1 = 0x8a,
  kLong4 = 0x8b,
  kShortBinUnicode = 0x8c,
  kBinUnicode8 = 0x8d,
  kBinBytes8 = 0x8e,
  kEmptySet = 0x8f,
  kAddItems = 0x90,
  kStackGlobal = 0x93,
  kMemoize = 0x94,
  kFrame = 0x95,
};

}  // namespace

// The pickle machine with a stack of node ids. Every read is bounded by the pickle's bytes, every pop by the last mark.
class PickleMachine {
 public:
  PickleMachine(std::span<const std::byte> bytes, std::string_view name) : bytes_(bytes), name_(name) {}

  Result<Pickle> Run() {
    while (true) {
      start_ = at_;
      if (at_ >= bytes_.size()) return Error("FL1001", "{}: the pickle is cut off at {}", name_, at_);
      opcode_ = static_cast<uint8_t>(bytes_[at_++]);
      if (opcode_ == kStop) break;
      FL_RETURN_IF_ERROR(Step());
      if (pickle_.nodes_.size() > Pickle::kMaxNodes)
        return Error("FL1001", "{}: a pickle of more than {} values", name_, Pickle::kMaxNodes);
    }
    if (stack_.size() != 1 || !marks_.empty())
      return Error("FL1001", "{}: the pickle ends with {} values on its stack", name_, stack_.size());
    pickle_.root_ = stack_.back();
    return std::move(pickle_);
  }

 private:
  Status Step() {
    switch (opcode_) {
      case kProto: return Skip(1);
      case kFrame: return Skip(8);
      case kMark: marks_.push_back(stack_.size()); return Ok();
      case kNone: return Push({.kind = Kind::kNone});
      case kNewTrue: return Push({.kind = Kind::kBool, .integer = 1});
      case kNewFalse: return Push({.kind = Kind::kBool, .integer = 0});
      case kBinInt1: return PushInteger<uint8_t>();
      case kBinInt2: return PushInteger<uint16_t>();
      case kBinInt: return PushInteger<int32_t>();
      case kLong1: return PushLong<uint8_t>();
      case kLong4: return PushLong<uint32_t>();
      case kBinFloat: return PushFloat();
      case kBinUnicode: return PushText<uint32_t>(Kind::kString);
      case kShortBinUnicode: return PushText<uint8_t>(Kind::kString);
      case kBinUnicode8: return PushText<uint64_t>(Kind::kString);
      case kBinString: return PushText<uint32_t>(Kind::kString);
      case kShortBinString: return PushText<uint8_t>(Kind::kString);
      case kBinBytes: return PushText<uint32_t>(Kind::kBytes);
      case kShortBinBytes: return PushText<uint8_t>(Kind::kBytes);
      case kBinBytes8: return PushText<uint64_t>(Kind::kBytes);
      case kEmptyTuple: return Push({.kind = Kind::kTuple});
      case kEmptyList: return Push({.kind = Kind::kList});
      case kEmptyDict: return Push({.kind = Kind::kDict});
      case kEmptySet: return Push({.kind = Kind::kSet});
      case kTuple1: return Collect(1);
      case kTuple2: return Collect(2);
      case kTuple3: return Collect(3);
      case kTuple: return CollectToMark();
      case kAppend: return AppendItems(Kind::kList, 1);
      case kSetItem: return AppendItems(Kind::kDict, 2);
      case kAppends: return AppendToMark(Kind::kList);
      case kSetItems: return AppendToMark(Kind::kDict);
      case kAddItems: return AppendToMark(Kind::kSet);
      case kBinPut: return Put<uint8_t>();
      case kLongBinPut: return Put<uint32_t>();
      case kMemoize: return Remember(memo_.size());
      case kBinGet: return Get<uint8_t>();
      case kLongBinGet: return Get<uint32_t>();
      case kGlobal: return PushGlobal();
      case kStackGlobal: return PushStackGlobal();
      case kReduce: return Reduce();
      case kBinPersId: return PersistentId();
      case kBuild: return Build();
      default:
        return Error("FL1001", "{}: pickle opcode 0x{:02x} at {} is not read: it would run Python code", name_, opcode_,
                     start_);
    }
  }

  // ---- reading

  bool Has(uint64_t size) const { return size <= bytes_.size() - at_; }
  Status CutOff() const {
    return Error("FL1001", "{}: the pickle is cut off in opcode 0x{:02x} at {}", name_, opcode_, start_);
  }
  Status Misused() const {
    return Error("FL1001", "{}: pickle opcode 0x{:02x} at {} does not find what it needs on the stack", name_, opcode_,
                 start_);
  }

  Status Skip(uint64_t size) {
    if (!Has(size)) return CutOff();
    at_ += size;
    return Ok();
  }

  template <class T> bool Read(T& value) {
    if (!Has(sizeof(T))) return false;
    value = LoadAt<T>(bytes_, at_);
    at_ += sizeof(T);
    return true;
  }

  bool ReadText(uint64_t size, std::string_view& text) {
    if (!Has(size)) return false;
    text = {reinterpret_cast<const char*>(bytes_.data()) + at_, size};
    at_ += size;
    return true;
  }

  bool ReadLine(std::string_view& text) {
    for (uint64_t end = at_; end < bytes_.size(); ++end) {
      if (bytes_[end] != std::byte{'\n'}) continue;
      ReadText(end - at_, text);
      ++at_;
      return true;
    }
    return false;
  }

  // ---- the stack

  Status Push(PickleNode node) {
    stack_.push_back(static_cast<PickleId>(pickle_.nodes_.size()));
    pickle_.nodes_.push_back(std::move(node));
    return Ok();
  }

  std::size_t available() const { return stack_.size() - (marks_.empty() ? 0 : marks_.back()); }
  PickleNode& top() { return pickle_.nodes_[stack_.back()]; }

  std::vector<PickleId> PopItems(std::size_t count) {
    std::vector<PickleId> items(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
    stack_.resize(stack_.size() - count);
    return items;
  }

  // ---- opcodes

  template <class T> Status PushInteger() {
    T value;
    if (!Read(value)) return CutOff();
    return Push({.kind = Kind::kInt, .integer = value});
  }

  template <class T> Status PushLong() {
    T size;
    std::string_view digits;
    if (!Read(size) || !ReadText(size, digits)) return CutOff();
    if (size > 8) return Push({.kind = Kind::kBigInt});
    uint64_t value = size > 0 && (static_cast<uint8_t>(digits.back()) & 0x80) ? ~uint64_t{0} : 0;
    for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<uint8_t>(digits[i]);
    return Push({.kind = Kind::kInt, .integer = static_cast<int64_t>(value)});
  }

  Status PushFloat() {
    uint64_t bits;
    if (!Read(bits)) return CutOff();
    return Push({.kind = Kind::kFloat, .number = std::bit_cast<double>(__builtin_bswap64(bits))});
  }

  template <class T> Status PushText(Kind kind) {
    T size;
    std::string_view text;
    if (!Read(size) || !ReadText(size, text)) return CutOff();
    return Push({.kind = kind, .text = text});
  }

  Status Collect(std::size_t count) {
    if (available() < count) return Misused();
    return Push({.kind = Kind::kTuple, .items = PopItems(count)});
  }

  Status CollectToMark() {
    if (marks_.empty()) return Misused();
    const std::size_t count = available();
    marks_.pop_back();
    return Push({.kind = Kind::kTuple, .items = PopItems(count)});
  }

  // Moves the top `count` values into the container below them.
  Status AppendItems(Kind kind, std::size_t count) {
    if (available() < count + 1) return Misused();
    const std::vector<PickleId> items = PopItems(count);
    // Items of an object that is neither a plain list nor a dict (a defaultdict): nothing we read needs them.
    if (top().kind == Kind::kCall && kind != Kind::kSet) return Ok();
    if (top().kind != kind || (kind == Kind::kDict && count % 2 != 0)) return Misused();
    top().items.insert(top().items.end(), items.begin(), items.end());
    return Ok();
  }

  Status AppendToMark(Kind kind) {
    if (marks_.empty()) return Misused();
    const std::size_t count = available();
    marks_.pop_back();
    if (stack_.size() < count + 1) return Misused();
    return AppendItems(kind, count);
  }

  Status Remember(uint64_t key) {
    if (available() == 0) return Misused();
    memo_[key] = stack_.back();
    return Ok();
  }

  template <class T> Status Put() {
    T key;
    if (!Read(key)) return CutOff();
    return Remember(key);
  }

  template <class T> Status Get() {
    T key;
    if (!Read(key)) return CutOff();
    const auto found = memo_.find(key);
    if (found == memo_.end())
      return Error("FL1001", "{}: the pickle reads memo {} at {}, which it never wrote", name_, key, start_);
    stack_.push_back(found->second);
    return Ok();
  }

  Status PushGlobal() {
    PickleNode node{.kind = Kind::kGlobal};
    if (!ReadLine(node.module) || !ReadLine(node.text)) return CutOff();
    return Push(std::move(node));
  }

  Status PushStackGlobal() {
    if (available() < 2) return Misused();
    const std::vector<PickleId> words = PopItems(2);
    const PickleNode& module = pickle_.nodes_[words[0]];
    const PickleNode& name = pickle_.nodes_[words[1]];
    if (module.kind != Kind::kString || name.kind != Kind::kString) return Misused();
    return Push({.kind = Kind::kGlobal, .text = name.text, .module = module.text});
  }

  Status Reduce() {
    if (available() < 2) return Misused();
    const std::vector<PickleId> call = PopItems(2);
    const PickleNode& callee = pickle_.nodes_[call[0]];
    const PickleNode& arguments = pickle_.nodes_[call[1]];
    if (callee.kind != Kind::kGlobal || arguments.kind != Kind::kTuple) return Misused();
    if (pickle_.IsGlobal(call[0], "collections", "OrderedDict") && arguments.items.empty())
      return Push({.kind = Kind::kDict});
    return Push({.kind = Kind::kCall, .callee = call[0], .items = {call[1]}});
  }

  Status PersistentId() {
    if (available() < 1) return Misused();
    return Push({.kind = Kind::kPersistent, .items = PopItems(1)});
  }

  // The state of an object (an OrderedDict's _metadata): nothing we read keeps any.
  Status Build() {
    if (available() < 2) return Misused();
    PopItems(1);
    return Ok();
  }

  std::span<const std::byte> bytes_;
  std::string_view name_;
  Pickle pickle_;
  std::vector<PickleId> stack_;
  std::vector<std::size_t> marks_;  // stack heights
  std::unordered_map<uint64_t, PickleId> memo_;
  uint64_t at_ = 0, start_ = 0;  // start_: of the current opcode
  uint8_t opcode_ = 0;
};

Result<Pickle> Pickle::Parse(std::span<const std::byte> bytes, std::string_view name) {
  return PickleMachine(bytes, name).Run();
}

bool Pickle::IsGlobal(PickleId id, std::string_view module, std::string_view name) const {
  const PickleNode& node = nodes_[id];
  return node.kind == PickleNode::Kind::kGlobal && node.module == module && node.text == name;
}

}  // namespace fairlead
