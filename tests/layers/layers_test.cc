// Holds the source tree against its own rules: the layer table of engine/README.md and the words of
// the house. The rules are tried on made-up files first, so that a rule that finds nothing is known
// to look.
#include <catch2/catch.hpp>

#include "tests/layers/source_tree.h"

namespace pgpm::tests {
namespace {

const std::filesystem::path root = PGPM_SOURCE_DIR;

LayerTable real_table() {
  return read_layer_table(read_text(root / "engine/README.md"));
}

LayerTable small_table() {
  return {{"engine/include/pgpm", {}},
          {"engine/text", {}},
          {"engine/db", {"engine/text"}},
          {"engine/resolve", {"engine/text"}},
          {"cli", {"engine/text"}}};
}

std::vector<std::string> violations(const std::string& path, const std::string& text) {
  return include_violations(small_table(), {path, text});
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace

TEST_CASE("the layer table is read from the README") {
  const LayerTable table = read_layer_table(
      "# x\n| no | table |\n\n<!-- layers -->\n| folder | may include | holds |\n|---|---|---|\n"
      "| `engine/text` | | bytes |\n| `engine/db` | `engine/sql`, `engine/text` | libpq |\n\n| a | "
      "b |\n");
  CHECK(table == LayerTable{{"engine/text", {}}, {"engine/db", {"engine/sql", "engine/text"}}});
  CHECK(layer_of(table, "engine/db/batch.h") == "engine/db");
  CHECK(layer_of(table, "engine/dbx/batch.h").empty());
}

TEST_CASE("a way round in the layer table is found") {
  CHECK(layer_cycle(small_table()).empty());
  CHECK(layer_cycle({{"a", {"b"}}, {"b", {"c"}}, {"c", {"b"}}}) == "b -> c -> b");
}

TEST_CASE("includes along the arrows are allowed") {
  CHECK(violations("engine/db/batch.cc",
                   "#include \"engine/db/batch.h\"\n#include \"engine/text/utf8.h\"\n"
                   "#include \"pgpm/error.h\"\n#include <libpq-fe.h>\n#include <vector>\n")
            .empty());
  CHECK(
      violations("engine/resolve/graph.cc", "#include <boost/graph/adjacency_list.hpp>\n").empty());
  CHECK(violations("cli/arguments.cc", "#include <boost/program_options.hpp>\n").empty());
}

TEST_CASE("every other include is a violation with its place") {
  CHECK(joined(violations("engine/text/a.cc", "\n#include \"engine/db/batch.h\"\n")) ==
        "engine/text/a.cc:2: engine/text may not include engine/db (\"engine/db/batch.h\")\n");
  CHECK(violations("cli/main.cc", "#include \"engine/db/batch.h\"\n").size() == 1);
  CHECK(violations("engine/db/a.cc", "#include \"batch.h\"\n").size() == 1);
  CHECK(violations("engine/new/a.cc", "").size() == 1);
  CHECK(violations("engine/resolve/order.cc", "#include <boost/graph/topological_sort.hpp>\n")
            .size() == 1);
  CHECK(violations("engine/text/a.cc", "# include <boost/program_options.hpp>\n").size() == 1);
  CHECK(violations("cli/main.cc", "#include <libpq-fe.h>\n").size() == 1);
  CHECK(violations("engine/db/a.cc", "#include <openssl/evp.h>\n").size() == 1);
  CHECK(violations("engine/db/a.cc", "#include <iostream>\n").size() == 1);
  CHECK(violations("engine/db/a.h", "#include <nlohmann/json.hpp>\n").size() == 1);
  CHECK(violations("engine/include/pgpm/a.h", "#include <nlohmann/json_fwd.hpp>\n").size() == 1);
  CHECK(violations("engine/include/pgpm/a.h", "#include <fmt/format.h>\n").size() == 1);
  CHECK(violations("engine/include/pgpm/a.h", "#include <unistd.h>\n").size() == 1);
}

TEST_CASE("comments and literals are not code") {
  CHECK(code_of("a // b\nc /* d\n */ e \"f\\\"g\" 'h' R\"x(i\")x\" 1'000 j") ==
        "a     \nc     \n    e" + std::string(22, ' ') + "1'000 j");
}

TEST_CASE("words that name no idea are found in names, not in prose") {
  const auto found = [](const std::string& path, const std::string& text) {
    return naming_violations({path, text}).size();
  };
  CHECK(found("engine/db/a.cc", "class PlanManager {};\nint do_it();\n") == 2);
  CHECK(found("engine/db/a.cc", "struct StringUtils {};\n") == 1);
  CHECK(found("engine/db/a.cc",
              "// A PlanManager\nconst char* x = \"do_it\"; int utilised; int undo_it;\n") == 0);
  CHECK(found("engine/utils/a.cc", "") == 1);
  CHECK(found("tests/support/db_helper.h", "") == 1);
  CHECK(found("engine/db/utility_command.h", "") == 0);
}

TEST_CASE("the README's layers point down and name real folders") {
  const LayerTable table = real_table();
  REQUIRE(table.size() > 8);
  CHECK(layer_cycle(table).empty());
  for (const auto& [folder, allowed] : table) {
    INFO(folder);
    CHECK(std::filesystem::is_directory(root / folder));
    for (const std::string& below : allowed) CHECK(table.contains(below));
  }
}

TEST_CASE("every include in engine/ and cli/ follows the layer table") {
  const LayerTable table = real_table();
  std::size_t seen = 0;
  for (const SourceFile& file : read_tree(root, {"engine", "cli"})) {
    if (!is_cpp(file.path)) continue;
    ++seen;
    for (const std::string& problem : include_violations(table, file)) FAIL_CHECK(problem);
  }
  CHECK(seen > 30);
}

TEST_CASE("no name in the tree is a bag") {
  for (const SourceFile& file :
       read_tree(root, {"engine", "cli", "schema", "tests", "examples", "third_party"}))
    for (const std::string& problem : naming_violations(file)) FAIL_CHECK(problem);
}

TEST_CASE("a header starts with what lives in it") {
  for (const SourceFile& file : read_tree(root, {"engine", "cli", "tests/support"})) {
    INFO(file.path);
    if (file.path.ends_with(".h")) {
      CHECK(file.text.starts_with("//"));
      CHECK(file.text.find("\n#pragma once\n") != std::string::npos);
    }
  }
}

}  // namespace pgpm::tests
