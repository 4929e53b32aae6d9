#include <fmt/format.h>

#include <optional>

#include "engine/distribution/archive.h"
#include "engine/distribution/bundle.h"
#include "engine/text/file.h"

namespace pgpm {

constexpr const char* document_name = "pgpm-bundle.json";

void write_bundle(const std::filesystem::path& archive, const std::string& document) {
  write_archive(archive, document_name, document);
}

std::string read_bundle(const std::filesystem::path& archive) {
  std::optional<std::string> document;
  read_archive(archive, {}, [&](ArchiveEntry&& entry) {
    if (entry.path == document_name) document = std::move(entry.bytes);
  });
  if (!document)
    throw Error(ErrorCode::configuration,
                fmt::format("{} holds no {}", shown_path(archive), document_name));
  return std::move(*document);
}

}  // namespace pgpm
