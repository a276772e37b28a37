// Runs what may crash: one child process after the other, each from where the last one died.
//
//   for (const Casualty& one : Try(1000, [&](std::size_t i) { return Complaint(i); }))
//     ADD_FAILURE() << "call " << one.trial << ": " << one.what;
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace fairlead {

struct Casualty {
  std::size_t trial;
  std::string what;  // "died of signal 11 (Segmentation fault)", or what the trial complained of
};

// Trials 0 … count-1. `trial` answers its complaint, empty when there is none. A trial that ends the process, or takes more
// than a quarter of a minute of processor time, is a casualty too. No more than `most` are collected.
std::vector<Casualty> Try(std::size_t count, const std::function<std::string(std::size_t)>& trial, std::size_t most);

}  // namespace fairlead
