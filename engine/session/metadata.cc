#include "engine/session/metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <pugixml.hpp>

#include "engine/session/text_regions.h"
#include "engine/session/uuid.h"
#include "engine/text/ascii.h"

namespace pgpm {

namespace {

constexpr std::size_t largest_block = 10240;

/// <pgmi-meta, blanks allowed in between, and nothing that goes on with the name.
std::size_t find_block(std::string_view comment) {
  for (std::size_t at = comment.find('<'); at != std::string_view::npos;
       at = comment.find('<', at + 1)) {
    const std::string_view rest = trim_left(comment.substr(at + 1));
    constexpr std::string_view name = "pgmi-meta";
    if (rest.starts_with(name) && rest.size() > name.size() &&
        (is_space(rest[name.size()]) || rest[name.size()] == '>'))
      return at;
  }
  return std::string_view::npos;
}

bool is_blank_text(std::string_view text) {
  return trim(text).empty();
}

class MetadataReader {
 public:
  MetadataReader(const SourceText& source, std::vector<Diagnostic>& problems)
      : source_(source), problems_(problems) {}

  std::optional<SessionMetadata> read() {
    // Both forms have the word; most files have not, and are not cut into regions for it.
    if (source_.bytes().find("pgmi") == std::string_view::npos) return std::nullopt;
    std::vector<TextRegion> blocks;
    for (const TextRegion& region : text_regions(source_.bytes())) {
      if (region.kind != TextRegion::Kind::block_comment) continue;
      const std::string_view comment = text_of(region);
      if (comment.find("<pgmi:meta") != std::string_view::npos)
        problem(region.begin + comment.find("<pgmi:meta"), "<pgmi:meta> is the old form",
                "write <pgmi-meta id=\"...\" idempotent=\"true\">");
      if (find_block(comment) != std::string_view::npos) blocks.push_back(region);
    }
    if (blocks.empty()) return std::nullopt;
    for (std::size_t i = 1; i < blocks.size(); ++i)
      problem(blocks[i].begin, "there is a <pgmi-meta> block before: a file has one",
              "keep one of them");
    return read_block(blocks.front());
  }

 private:
  std::string_view text_of(const TextRegion& region) const {
    return source_.bytes().substr(region.begin, region.end - region.begin);
  }

  void problem(std::size_t offset, std::string message, std::string hint = {}) {
    problems_.push_back({Severity::error, source_.location(offset), std::move(message),
                         std::string(source_.line_at(offset)), std::move(hint)});
  }

  /// What stands in front of the first tag is prose; what comes behind the root's end is not
  /// looked at.
  std::optional<SessionMetadata> read_block(const TextRegion& comment) {
    std::string_view text = text_of(comment);
    text.remove_suffix(std::min<std::size_t>(2, text.size()));
    const std::size_t first = text.find('<');
    text.remove_prefix(first);
    begin_ = comment.begin + first;
    constexpr std::string_view end_tag = "</pgmi-meta>";
    if (const std::size_t end = text.find(end_tag); end != std::string_view::npos)
      text = text.substr(0, end + end_tag.size());
    if (text.size() > largest_block) {
      problem(begin_, fmt::format("the <pgmi-meta> block has {} bytes: at most {} are allowed",
                                  text.size(), largest_block));
      return std::nullopt;
    }
    pugi::xml_document document;
    const pugi::xml_parse_result parsed =
        document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
    const pugi::xml_node root = document.document_element();
    if (!parsed || std::string_view(root.name()) != "pgmi-meta") {
      const std::size_t at = parsed ? 0 : static_cast<std::size_t>(parsed.offset);
      problem(begin_ + std::min(at, text.size()),
              fmt::format("the <pgmi-meta> block is no well-formed XML: {}",
                          parsed ? "the first element is another one" : parsed.description()));
      return std::nullopt;
    }
    return read_element(root);
  }

  std::optional<SessionMetadata> read_element(const pugi::xml_node& root) {
    const std::size_t before = problems_.size();
    SessionMetadata metadata;
    read_id(root, metadata);
    read_idempotent(root, metadata);
    if (const pugi::xml_node description = root.child("description")) {
      metadata.description = description.text().get();
      if (is_blank_text(*metadata.description))
        problem(offset(description), "<description> is blank", "leave it out or fill it in");
    }
    for (const pugi::xml_node& key : root.child("sortKeys").children("key")) {
      metadata.sort_keys.emplace_back(key.text().get());
      if (is_blank_text(metadata.sort_keys.back()))
        problem(offset(key), "a <key> is blank", "write a sort key like 001/000");
    }
    if (problems_.size() > before) return std::nullopt;
    return metadata;
  }

  void read_id(const pugi::xml_node& root, SessionMetadata& metadata) {
    constexpr const char* wanted = "write id=\"...\" with a UUID of the file's own";
    const pugi::xml_attribute id = root.attribute("id");
    if (!id) return problem(offset(root), "<pgmi-meta> has no id", wanted);
    const std::optional<std::string> uuid = parse_uuid(id.value());
    if (!uuid)
      return problem(offset(root), fmt::format("id \"{}\" is no UUID", id.value()), wanted);
    if (*uuid == "00000000-0000-0000-0000-000000000000")
      return problem(offset(root), "the id is the nil UUID", wanted);
    metadata.id = *uuid;
  }

  void read_idempotent(const pugi::xml_node& root, SessionMetadata& metadata) {
    constexpr const char* wanted = "write idempotent=\"true\" or idempotent=\"false\"";
    const pugi::xml_attribute flag = root.attribute("idempotent");
    if (!flag) return problem(offset(root), "<pgmi-meta> does not say idempotent", wanted);
    const std::string_view value = flag.value();
    const auto is_one_of = [&](const std::array<std::string_view, 6>& words) {
      return std::find(words.begin(), words.end(), value) != words.end();
    };
    if (is_one_of({"1", "t", "T", "TRUE", "true", "True"}))
      metadata.idempotent = true;
    else if (is_one_of({"0", "f", "F", "FALSE", "false", "False"}))
      metadata.idempotent = false;
    else
      problem(offset(root), fmt::format("idempotent=\"{}\" is neither true nor false", value),
              wanted);
  }

  std::size_t offset(const pugi::xml_node& node) const {
    return begin_ + static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 0));
  }

  const SourceText& source_;
  std::vector<Diagnostic>& problems_;
  std::size_t begin_ = 0;  // of the block in the file
};

}  // namespace

std::optional<SessionMetadata> read_metadata(const SourceText& source,
                                             std::vector<Diagnostic>& problems) {
  return MetadataReader(source, problems).read();
}

}  // namespace pgpm
