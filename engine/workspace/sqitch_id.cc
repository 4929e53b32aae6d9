// The text that Sqitch hashes, and the part of Perl's URI->canonical that goes into it. Verified
// against Sqitch 1.3.1.
#include "engine/workspace/sqitch_id.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/text/ascii.h"
#include "engine/text/digest.h"

namespace pgpm {
namespace {

bool is_unreserved(char c) {
  return is_alpha(c) || is_digit(c) ||
         std::string_view("-_.!~*'()").find(c) != std::string_view::npos;
}
bool is_legal(char c) {
  return is_unreserved(c) || std::string_view(";/?:@&=+$,[]%#").find(c) != std::string_view::npos;
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

void append_escaped(std::string& out, char c) {
  out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
}

/// Escapes what is not legal, undoes escapes of unreserved characters, writes the others in upper
/// case.
std::string normal_escapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                        hex_value(text[i + 2]) >= 0;
    if (escape) {
      const char c = static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      if (is_unreserved(c)) {
        out += c;
      } else {
        append_escaped(out, c);
      }
      i += 2;
    } else if (is_legal(text[i])) {
      out += text[i];
    } else {
      append_escaped(out, text[i]);
    }
  }
  return out;
}

std::size_t scheme_length(std::string_view uri) {
  if (uri.empty() || !is_alpha(uri[0])) return 0;
  const std::size_t colon = uri.find(':');
  if (colon == std::string_view::npos) return 0;
  const bool valid = std::all_of(
      uri.begin(), uri.begin() + static_cast<std::ptrdiff_t>(colon),
      [](char c) { return is_alpha(c) || is_digit(c) || c == '+' || c == '.' || c == '-'; });
  return valid ? colon : 0;
}

void drop_default_port(std::string_view scheme, std::string& authority) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> ports{
      {{"http", ":80"}, {"https", ":443"}, {"ftp", ":21"}, {"ssh", ":22"}}};
  for (const auto& [name, port] : ports) {
    const bool is_default = scheme == name && authority.ends_with(port);
    if (is_default) authority.resize(authority.size() - port.size());
  }
  if (authority.ends_with(':')) authority.pop_back();
}

void append_fields(std::string& text, const Change& change, const std::string& project) {
  text += fmt::format("planner {} <{}>\ndate {}", change.planner, change.email, change.timestamp);
  const auto append_list = [&](Dependency::Kind kind, std::string_view title,
                               std::string_view mark) {
    bool first = true;
    for (const Dependency& dependency : change.dependencies) {
      if (dependency.kind != kind) continue;
      if (std::exchange(first, false)) text += title;
      std::string_view name = dependency.text;
      if (dependency.ref.module == project) name.remove_prefix(project.size() + 1);
      text.append(mark).append(name);
    }
  };
  append_list(Dependency::Kind::requires_change, "\nrequires", "\n  + ");
  append_list(Dependency::Kind::conflicts, "\nconflicts", "\n  - ");
  if (!change.note.empty() && change.note != "0") text += "\n\n" + change.note;
}

}  // namespace

std::string canonical_uri(std::string_view uri) {
  std::string text = normal_escapes(uri);
  const std::size_t scheme = scheme_length(text);
  std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(scheme), text.begin(),
                 lower);
  if (scheme == 0 || text.compare(scheme, 3, "://") != 0) return text;
  const std::size_t begin = scheme + 3;
  const std::size_t end = std::min(text.find_first_of("/?#", begin), text.size());
  std::string authority = text.substr(begin, end - begin);
  const std::size_t host = authority.rfind('@') == std::string::npos ? 0 : authority.rfind('@') + 1;
  std::transform(authority.begin() + static_cast<std::ptrdiff_t>(host), authority.end(),
                 authority.begin() + static_cast<std::ptrdiff_t>(host), lower);
  const std::string name = text.substr(0, scheme);
  drop_default_port(name, authority);
  std::string rest = text.substr(end);
  if ((name == "http" || name == "https") && !rest.starts_with('/')) rest.insert(0, 1, '/');
  return text.substr(0, begin) + authority + rest;
}

std::vector<std::string> sqitch_change_ids(const Plan& plan) {
  std::string head = "project " + plan.project + "\n";
  if (!plan.uri.empty()) head += "uri " + canonical_uri(plan.uri) + "\n";
  std::vector<std::string> ids;
  ids.reserve(plan.changes.size());
  for (const Change& change : plan.changes) {
    std::string text = head + "change " + change.name + "\n";
    if (!ids.empty()) text += "parent " + ids.back() + "\n";
    append_fields(text, change, plan.project);
    std::string object = "change " + std::to_string(text.size());
    object += '\0';
    ids.push_back(sha1_hex(object + text));
  }
  return ids;
}

}  // namespace pgpm
