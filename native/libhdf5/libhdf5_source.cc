#include "libhdf5/libhdf5_source.h"

#include <algorithm>
#include <utility>

#include "libhdf5/dataset.h"
#include "libhdf5/error_stack.h"

namespace pointing {

namespace {

struct Listing {
  const Deadline& deadline;
  std::vector<std::string> names;
};

herr_t addName(hid_t, const char* name, const H5L_info_t*, void* result) {
  auto& listing = *static_cast<Listing*>(result);
  listing.names.emplace_back(name);
  // 1 ends the iteration
  return listing.names.size() > kMaxNames || listing.deadline.isPast() ? 1 : 0;
}

herr_t refuseExternalLink(const char*, const char*, const char*, const char*, unsigned*, hid_t, void* met) {
  *static_cast<bool*>(met) = true;
  return -1;
}

}  // namespace

Libhdf5Source::Libhdf5Source(const FileHandle& file, const Deadline& deadline)
    : file_(&file), deadline_(deadline), linkAccess_(H5Pcreate(H5P_LINK_ACCESS)) {
  H5Pset_elink_cb(linkAccess_.get(), refuseExternalLink, &metExternalLink_);
}

Failure Libhdf5Source::takeFailure(std::string_view doing, std::string_view path) {
  Failure failure = takeHdf5Failure(std::string(doing).append(path));
  if (std::exchange(metExternalLink_, false)) {
    failure = {ErrorCode::unsupported, std::string(path) + " is a link into another file"};
  }
  return failure;
}

// One part of the path after the other, since libhdf5 takes a question below something absent for an error.
Result<ObjectHandle> Libhdf5Source::object(std::string_view path) {
  if (deadline_.isPast()) return deadline_.failure(ErrorCode::timeout);
  ObjectHandle current;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string part(path.substr(begin, end - begin));
    begin = end + 1;
    const hid_t parent = current.valid() ? current.get() : file_->get();
    if (current.valid() && H5Iget_type(parent) != H5I_GROUP) return ObjectHandle();
    const htri_t linked = H5Lexists(parent, part.c_str(), linkAccess_.get());
    // A soft link may be there and lead nowhere.
    const htri_t exists = linked > 0 ? H5Oexists_by_name(parent, part.c_str(), linkAccess_.get()) : linked;
    if (exists < 0 || metExternalLink_) return takeFailure("look for ", path);
    if (exists == 0) return ObjectHandle();
    ObjectHandle next(H5Oopen(parent, part.c_str(), linkAccess_.get()));
    if (!next.valid()) return takeFailure("open ", path);
    current = std::move(next);
  }
  return current;
}

Result<bool> Libhdf5Source::has(std::string_view path) {
  auto found = object(path);
  if (!found) return found.failure();
  return found->valid();
}

Result<std::optional<Scalar>> Libhdf5Source::scalar(std::string_view path) {
  auto found = object(path);
  if (!found) return found.failure();
  if (!found->valid()) return std::optional<Scalar>();
  auto dataset = Dataset::open(std::move(*found), path, deadline_);
  if (!dataset) return dataset.failure();
  if (!dataset->isNumber() && !dataset->isText()) return wrongType(path, "another class", "a number or text");
  if (dataset->length() == 0) return std::optional<Scalar>();
  if (dataset->length() > 1) {
    return wrongType(path, "an array of " + std::to_string(dataset->length()) + " values", "one value");
  }
  if (!dataset->isWritten()) return std::optional<Scalar>();
  if (dataset->isNumber()) {
    auto number = dataset->at(0);
    if (!number) return number.failure();
    return std::optional<Scalar>(*number);
  }
  auto text = dataset->text();
  if (!text) return text.failure();
  return std::optional<Scalar>(*std::move(text));
}

Result<std::unique_ptr<NumberArray>> Libhdf5Source::openArray(std::string_view path) {
  auto found = object(path);
  if (!found) return found.failure();
  if (!found->valid()) return std::unique_ptr<NumberArray>();
  auto dataset = Dataset::open(std::move(*found), path, deadline_);
  if (!dataset) return dataset.failure();
  if (!dataset->isNumber()) return wrongType(path, dataset->isText() ? "text" : "another class", "numbers");
  if (dataset->length() > 0 && !dataset->isWritten()) return std::unique_ptr<NumberArray>();
  return std::unique_ptr<NumberArray>(std::make_unique<Dataset>(*std::move(dataset)));
}

Result<std::optional<std::vector<std::string>>> Libhdf5Source::names(std::string_view path) {
  auto found = object(path);
  if (!found) return found.failure();
  if (!found->valid()) return std::optional<std::vector<std::string>>();
  if (H5Iget_type(found->get()) != H5I_GROUP) return wrongType(path, "not a group", "one");
  Listing listing{deadline_, {}};
  if (H5Literate(found->get(), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, addName, &listing) < 0) {
    return takeHdf5Failure("list " + std::string(path));
  }
  if (listing.names.size() > kMaxNames) {
    return Failure{ErrorCode::unsupported, std::string(path) + " has more than 1024 members"};
  }
  if (deadline_.isPast()) return deadline_.failure(ErrorCode::timeout);
  return std::optional(std::move(listing.names));
}

}  // namespace pointing
