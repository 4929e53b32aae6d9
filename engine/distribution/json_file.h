// JSON files that people keep under version control: read as they are, written with their members
// in the same order.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

namespace pgpm {

/// Throws Error(configuration) if the file is missing or holds no JSON object.
nlohmann::ordered_json read_json_file(const std::filesystem::path& file);
/// Two blanks of indentation and a newline at the end, as npm does.
void write_json_file(const std::filesystem::path& file, const nlohmann::ordered_json& json);
/// A member's text, "" if it is missing or no text.
std::string text_member(const nlohmann::ordered_json& json, const char* name);

}  // namespace pgpm
