#pragma once
#include <cstdint>
#include <optional>

#include "direct/cached_file.h"
#include "direct/dataset_messages.h"

namespace pointing {

// Where an old-style group keeps its members (symbol table message, IV.A.2.r).
struct SymbolTable {
  std::uint64_t tree;  // address of the B-tree
  std::uint64_t heap;  // address of the local heap with the names
};

// The messages of an object header that concern a reader. Of several of one type the first counts, as in
// libhdf5.
struct ObjectHeader {
  std::optional<SymbolTable> symbolTable;  // a group
  std::optional<Dataspace> dataspace;      // these three: a dataset
  std::optional<Datatype> datatype;
  std::optional<Layout> layout;

  bool isGroup() const { return symbolTable && !dataspace && !datatype && !layout; }
  bool isDataset() const { return !symbolTable && dataspace && datatype && layout; }
};

// Reads a version 1 object header with its continuations (HDF5 File Format Specification v3.0, IV.A.1.a).
// declined: anything else, new-style groups, filters, external storage and shared messages among it.
Result<ObjectHeader> readObjectHeader(CachedFile& file, std::uint64_t address);

}  // namespace pointing
