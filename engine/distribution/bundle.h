// The bundle of a packaged module: plan, control file and scripts with their digests, as upstream
// writes it (`pgpm-bundle.json` in a gzipped ustar).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "pgpm/workspace.h"

namespace pgpm {

/// The JSON document of a module as it is on disk now.
std::string bundle_document(const Module& module);

/// A stored one, as far as it must be right: digests as they stand there, and computed again.
struct BundleDigests {
  std::string stated, computed;
  /// Of the plan and of each deploy script, for a comparison with what is on disk.
  std::string plan;
  std::vector<std::pair<std::string, std::string>> deploy;  ///< change, digest of its text
};
/// Throws Error(configuration) for what is no bundle.
BundleDigests read_bundle_document(const std::string& document);
/// The same of a document that bundle_document() made.
std::string bundle_digest(const std::string& document);

void write_bundle(const std::filesystem::path& archive, const std::string& document);
/// Throws Error(configuration) for a damaged archive, or one without the document.
std::string read_bundle(const std::filesystem::path& archive);

}  // namespace pgpm
