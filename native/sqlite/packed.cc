// An SQLite extension, which SQLite loads from the same library as Node.js: the aggregate packed(x, y, ...)
// gives its arguments in all rows, one row after the other, as a blob of doubles. NULL counts as 0.
#include <sqlite3ext.h>

SQLITE_EXTENSION_INIT1

namespace pointing {
namespace {

constexpr sqlite3_uint64 kFirstCapacity = 1024;

// In SQLite's memory: zeroed before the first row, and freed by SQLite.
struct Packed {
  double* values;
  sqlite3_uint64 count;
  sqlite3_uint64 capacity;
};

void addRow(sqlite3_context* context, int columns, sqlite3_value** row) {
  auto* packed = static_cast<Packed*>(sqlite3_aggregate_context(context, sizeof(Packed)));
  if (packed == nullptr) return sqlite3_result_error_nomem(context);
  if (packed->capacity - packed->count < static_cast<sqlite3_uint64>(columns)) {
    const sqlite3_uint64 capacity = 2 * packed->capacity + kFirstCapacity;
    auto* larger = static_cast<double*>(sqlite3_realloc64(packed->values, capacity * sizeof(double)));
    if (larger == nullptr) return sqlite3_result_error_nomem(context);
    packed->values = larger;
    packed->capacity = capacity;
  }
  for (int i = 0; i < columns; ++i) packed->values[packed->count++] = sqlite3_value_double(row[i]);
}

// Called after an error too.
void giveBlob(sqlite3_context* context) {
  const auto* packed = static_cast<Packed*>(sqlite3_aggregate_context(context, 0));
  if (packed == nullptr) return sqlite3_result_zeroblob(context, 0);
  sqlite3_result_blob64(context, packed->values, packed->count * sizeof(double), sqlite3_free);
}

}  // namespace
}  // namespace pointing

extern "C" __attribute__((visibility("default"))) int sqlite3_pointingmonitor_init(
    sqlite3* database, char** /*error*/, const sqlite3_api_routines* api) {
  SQLITE_EXTENSION_INIT2(api);
  constexpr int kAnyNumber = -1;
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  return sqlite3_create_function_v2(database, "packed", kAnyNumber, kFlags, nullptr, nullptr,
                                    pointing::addRow, pointing::giveBlob, nullptr);
}
