#include "simulator/arrival.h"

#include <random>
#include <string_view>

namespace simulator {
namespace {

constexpr std::string_view kExtension = ".hdf5";
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr int kRsyncLetters = 6;

std::string randomLetters(int count) {
  static std::mt19937 generator{std::random_device{}()};
  std::uniform_int_distribution<std::size_t> pick(0, kLetters.size() - 1);
  std::string letters;
  for (int i = 0; i < count; ++i) letters += kLetters[pick(generator)];
  return letters;
}

}  // namespace

std::string workingName(Arrival arrival, const std::string& finalName) {
  switch (arrival) {
    case Arrival::rename:
      return finalName.substr(0, finalName.size() - kExtension.size()) + "_incomplete" +
             std::string(kExtension);
    case Arrival::rsync:
      return "." + finalName + "." + randomLetters(kRsyncLetters);
    case Arrival::inPlace:
      break;
  }
  return finalName;
}

}  // namespace simulator
