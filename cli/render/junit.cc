#include "cli/render/junit.h"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

namespace pgpm::cli {

namespace {

/// XML 1.0 has no way to write most control characters, nor bytes that are not UTF-8.
std::string xml_text(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = first_code_point(std::string_view(text).substr(at));
    const bool is_control = point.value < 0x20 && point.value != '\n' && point.value != '\t';
    const bool is_invalid = point.value == 0xFFFD && point.bytes == 1;
    if (is_control || is_invalid || point.value == 0xFFFE || point.value == 0xFFFF)
      result += '?';
    else
      result += text.substr(at, point.bytes);
    at += point.bytes;
  }
  return result;
}

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name) = xml_text(value).c_str();
}

struct Counts {
  std::size_t tests = 0, failures = 0, skipped = 0;
  Seconds time{0};
  void add(const VerdictCase& one) {
    tests += 1;
    failures += one.verdict == Verdict::failed ? 1u : 0u;
    skipped += one.verdict == Verdict::skipped ? 1u : 0u;
    time += one.duration;
  }
};

void set_counts(pugi::xml_node node, const Counts& counts) {
  set(node, "tests", std::to_string(counts.tests));
  set(node, "failures", std::to_string(counts.failures));
  set(node, "errors", "0");
  set(node, "time", fmt::format("{:.3f}", counts.time.count()));
}

void add_case(pugi::xml_node suite, const VerdictCase& one) {
  pugi::xml_node node = suite.append_child("testcase");
  set(node, "name", one.name);
  set(node, "classname", one.suite);
  set(node, "time", fmt::format("{:.3f}", one.duration.count()));
  if (one.verdict == Verdict::skipped) set(node.append_child("skipped"), "message", one.message);
  if (one.verdict != Verdict::failed) return;
  pugi::xml_node failure = node.append_child("failure");
  set(failure, "message", one.message);
  set(failure, "type", error_code_name(one.code));
  failure.text() = xml_text(one.details).c_str();
}

/// In the order in which they were first met.
std::vector<std::string> suites_of(const std::vector<VerdictCase>& cases) {
  std::vector<std::string> suites;
  for (const VerdictCase& one : cases)
    if (std::find(suites.begin(), suites.end(), one.suite) == suites.end())
      suites.push_back(one.suite);
  return suites;
}

}  // namespace

void JunitRenderer::on_event(const Event& event) {
  if (auto verdict = verdicts_.on_event(event)) cases_.push_back(std::move(*verdict));
}

void JunitRenderer::finish(int) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  pugi::xml_node root = document.append_child("testsuites");
  set(root, "name", "pgpm " + command_);
  Counts all;
  for (const VerdictCase& one : cases_) all.add(one);
  set_counts(root, all);
  for (const std::string& suite : suites_of(cases_)) {
    pugi::xml_node node = root.append_child("testsuite");
    set(node, "name", suite);
    Counts counts;
    for (const VerdictCase& one : cases_)
      if (one.suite == suite) counts.add(one);
    set_counts(node, counts);
    set(node, "skipped", std::to_string(counts.skipped));
    set(node, "timestamp", started_.substr(0, started_.find('.')));
    for (const VerdictCase& one : cases_)
      if (one.suite == suite) add_case(node, one);
  }
  std::ostringstream text;
  document.save(text, "  ");
  out_.write(text.str());
}

void JunitRenderer::fail(const Error& error, int exit_status) {
  for (VerdictCase& verdict : verdicts_.on_error(error)) cases_.push_back(std::move(verdict));
  finish(exit_status);
}

}  // namespace pgpm::cli
