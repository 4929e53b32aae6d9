// Tables of names: which both tools accept, which one does, which none.
#include <catch2/catch.hpp>

#include "engine/workspace/names.h"
#include "pgpm/plan.h"

using namespace pgpm;

namespace {

bool reads(const std::string& name) {
  return change_name_problem(name, NameRules::read).empty();
}
bool writes(const std::string& name) {
  return change_name_problem(name).empty();
}

}  // namespace

TEST_CASE("names both tools accept are valid change names") {
  for (const char* name :
       {"foo", "foo/bar/baz", "schemas/app/tables/users", "a-b.c", "_foo_", "foo_", "v1.2-1",
        "foo/6x", "foo/6/bar", "3", "x+y", "a=b", "head", "ünïcode", "日本", "foo^bar", "HEADER",
        "a..b", "0123456789012345678901234567890123456789x0"})
    CHECK(change_name_problem(name, NameRules::read) == "");
  for (const char* name : {"foo", "foo/bar/baz", "a-b.c", "_", "1", "ünïcode", "日本", "naïveté",
                           "a..b", "ABCDEF0123456789ABCDEF0123456789ABCDEF01"})
    CHECK(change_name_problem(name) == "");
}

TEST_CASE("what no tool accepts is no change name, whatever the rules") {
  for (const char* name : {"",
                           "a b",
                           "a\tb",
                           "a\xC2\xA0"
                           "b",
                           "a:b",
                           "a@b",
                           "a#b",
                           "a\\b",
                           "+foo",
                           "-foo",
                           ".foo",
                           "/foo",
                           "foo/",
                           "foo.",
                           "foo-",
                           "!foo",
                           "[foo",
                           "foo]",
                           "foo^",
                           "~foo",
                           "$x",
                           "foo,",
                           "foo/6",
                           "foo^12",
                           "foo~1",
                           "foo=1",
                           "foo%22",
                           "HEAD",
                           "ROOT",
                           "0123456789012345678901234567890123456789",
                           "a\x01"
                           "b"})
    CHECK(change_name_problem(name, NameRules::read) != "");
  CHECK(change_name_problem(std::string("a\0b", 3), NameRules::read) == "it contains a NUL byte");
}

TEST_CASE("no name leaves the module's folder") {
  for (const char* name :
       {"a/../b", "..", "a/..", "../a", "/etc/passwd", "a\\..\\b", "a//b", "a/./b"})
    CHECK_FALSE(reads(name));
  CHECK(change_name_problem("a/../../b", NameRules::read) ==
        "it could leave the module's folder: it contains '..'");
  CHECK(change_name_problem("/a", NameRules::read) == "it is an absolute path");
}

TEST_CASE("names that only one tool reads are read but not written") {
  for (const char* name : {"foo[bar", "foo]bar", "rocket🚀", "dash—", "x²",
                           "0123456789012345678901234567890123456789abc"}) {
    CHECK(reads(name));
    CHECK_FALSE(writes(name));
  }
  CHECK(writes("a🚀b"));
  CHECK_FALSE(writes("a\xFF"));
  CHECK_FALSE(writes(std::string(201, 'x')));
  CHECK(writes(std::string(200, 'x') + "/" + std::string(200, 'y')));
}

TEST_CASE("a tag's name has no slash") {
  for (const char* name : {"v1.0.0", "v1", "1.0", "beta_", "r-1"})
    CHECK(tag_name_problem(name) == "");
  for (const char* name : {"x/y", "@x", "", "v1.", "a b", "HEAD", "ROOT", "a:b", "v#1"})
    CHECK(tag_name_problem(name) != "");
}

TEST_CASE("project names are anything that cannot be mistaken") {
  for (const char* name : {"app", "my-app", "HEAD", "a.b", "@scope/app"})
    CHECK(project_name_problem(name) == "");
  for (const char* name : {"", "a:b", "a b", "a#b", "a\\b"})
    CHECK(project_name_problem(name) != "");
}

TEST_CASE("what a control file may require is one word without quotes") {
  for (const char* name : {"app", "uuid-ossp", "pg_trgm", "address_standardizer-3.5", "größe"})
    CHECK(required_name_problem(name) == "");
  for (const char* name : {"", "x y", "x\ty", "x,y", "x;y", "x'", "\"x\"", "x/y", "..\\x", "x#y",
                           "-x", "x-", "x--y", "x\xFF"})
    CHECK(required_name_problem(name) != "");
  CHECK(required_name_problem(std::string(63, 'x')) == "");
  CHECK(required_name_problem(std::string(64, 'x')) != "");
}

TEST_CASE("module names are good for control files and extensions") {
  for (const char* name : {"app", "my-app", "my_app2", "App"})
    CHECK(module_name_problem(name) == "");
  for (const char* name : {"", "-app", "app-", "a--b", "a/b", "..", "a.b", "a b", "ä"})
    CHECK(module_name_problem(name) != "");
  CHECK(module_name_problem(std::string(64, 'a')) != "");
}
