// Control files in every way they are written, and what the writer leaves alone.
#include <catch2/catch.hpp>

#include "engine/workspace/control_file.h"

using namespace pgpm;
using Names = std::vector<std::string>;

namespace {

Names required(const std::string& text) {
  const ControlReading reading = read_control("app.control", text);
  CHECK(reading.diagnostics.empty());
  return reading.control.requires_modules;
}

}  // namespace

TEST_CASE("a control file as the tools write it") {
  const ControlReading reading =
      read_control("dir/app.control",
                   "# app extension\ncomment = 'it''s the app'\ndefault_version = '0.15.3'\n"
                   "module_pathname = '$libdir/app'\nrequires = 'plpgsql,uuid-ossp, "
                   "base'\nrelocatable = false\n  ");
  CHECK(reading.diagnostics.empty());
  CHECK(reading.control.file == "dir/app.control");
  CHECK(reading.control.name == "app");
  CHECK(reading.control.comment == "it's the app");
  CHECK(reading.control.default_version == "0.15.3");
  CHECK(reading.control.requires_modules == Names{"plpgsql", "uuid-ossp", "base"});
  CHECK(reading.control.requires_line == 5);
}

TEST_CASE("requires in every way it is written") {
  CHECK(required("requires = 'a,b'\n") == Names{"a", "b"});
  CHECK(required("requires='a, b'") == Names{"a", "b"});
  CHECK(required("  requires  =  'a ,b' # why\r\n") == Names{"a", "b"});
  CHECK(required("requires = \"a,b\"\n") == Names{"a", "b"});
  CHECK(required("requires = '\"uuid-ossp\", b'\n") == Names{"uuid-ossp", "b"});
  CHECK(required("requires = a, b # c\n") == Names{"a", "b"});
  CHECK(required("requires 'a'\n") == Names{"a"});
  CHECK(required("REQUIRES = 'a'\n") == Names{"a"});
  CHECK(required("requires = 'a,b,a'\n") == Names{"a", "b"});
  CHECK(required("\xEF\xBB\xBFrequires = 'a'\n") == Names{"a"});
}

TEST_CASE("a control file that requires nothing requires nothing") {
  CHECK(required("requires = ''\n").empty());
  CHECK(required("requires =\n").empty());
  CHECK(required("requires = ' , '\n").empty());
  CHECK(required("# requires = 'a'\n").empty());
  CHECK(required("comment = 'requires = x'\n").empty());
  CHECK(required("").empty());
}

TEST_CASE("of two requires lines the last counts, with a warning") {
  const ControlReading reading = read_control("app.control", "requires = 'a'\nrequires = 'b'\n");
  CHECK(reading.control.requires_modules == Names{"b"});
  REQUIRE(reading.diagnostics.size() == 1);
  CHECK(reading.diagnostics[0].where.to_string() == "app.control:2:1");
  CHECK(reading.diagnostics[0].severity == Severity::warning);
}

TEST_CASE("what PostgreSQL would refuse is a warning with its place") {
  const ControlReading open = read_control("app.control", "requires = 'a,b\n");
  CHECK(open.control.requires_modules == Names{"a", "b"});
  CHECK(open.diagnostics.at(0).where.to_string() == "app.control:1:12");
  CHECK(read_control("app.control", "requires = 'a' b\n").diagnostics.at(0).where.column == 16);
  CHECK(read_control("app.control", "\nnonsense\n").diagnostics.at(0).where.line == 2);
  CHECK(read_control("app.control", "= 'a'\n").diagnostics.size() == 1);
  CHECK(read_control("app.control", "a = '\xFF'").diagnostics.at(0).severity == Severity::error);
}

TEST_CASE("the name of the extension is the file's up to .control") {
  CHECK(control_name("app.control") == "app");
  CHECK(control_name("a.b.control") == "a.b");
  CHECK(read_control("/x/y/my-app.control", "").control.name == "my-app");
}

TEST_CASE("only the value of requires is replaced") {
  const std::string head = "# mine\r\ncomment='x'   # c\r\n",
                    tail = "\r\nrelocatable = false\r\n\r\n# end";
  CHECK(with_requires(head + "  requires =  \"a\"  # why" + tail, {"b", "c"}) ==
        head + "  requires =  'b,c'  # why" + tail);
  CHECK(with_requires("requires = old\nx = 1", {"n"}) == "requires = 'n'\nx = 1");
  // What makes no sense behind it goes: with the new quote it would be one text.
  CHECK(with_requires("requires 'a''b' 'c'\r\nx = 1", {"n"}) == "requires 'n'\r\nx = 1");
  CHECK(with_requires("requires \"\"'x", {"n"}) == "requires 'n'");
}

TEST_CASE("a missing requires goes before relocatable, else to the end") {
  CHECK(with_requires("comment = 'x'\nrelocatable = false\nsuperuser = false\n", {"a"}) ==
        "comment = 'x'\nrequires = 'a'\nrelocatable = false\nsuperuser = false\n");
  CHECK(with_requires("comment = 'x'\r\nschema = s\r\n", {"a"}) ==
        "comment = 'x'\r\nrequires = 'a'\r\nschema = s\r\n");
  CHECK(with_requires("comment = 'x'", {"a"}) == "comment = 'x'\nrequires = 'a'\n");
  CHECK(with_requires("", {"a", "b"}) == "requires = 'a,b'\n");
}

TEST_CASE("a requires that becomes empty goes, and nothing else") {
  CHECK(with_requires("a = 1\nrequires = 'x'\nb = 2\n", {}) == "a = 1\nb = 2\n");
  CHECK(with_requires("a = 1\nrequires = 'x'", {}) == "a = 1\n");
  CHECK(with_requires("a = 1\n", {}) == "a = 1\n");
}

TEST_CASE("a new control file reads back as it was meant") {
  const std::string text = control_text("app", "0.0.1", {"base", "plpgsql"});
  CHECK(text ==
        "# app extension\ncomment = 'app extension'\ndefault_version = '0.0.1'\nmodule_pathname = "
        "'$libdir/app'\n"
        "requires = 'base,plpgsql'\nrelocatable = false\nsuperuser = false\n");
  CHECK(required(text) == Names{"base", "plpgsql"});
  CHECK(control_text("app", "1", {}).find("requires") == std::string::npos);
  CHECK(with_requires(text, {"base", "plpgsql"}) == text);
}
