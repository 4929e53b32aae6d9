// What deploy.sql of a session project may rely on, as data: for programs that write one.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace pgpm {

struct SessionContract {
  using Columns = std::vector<std::pair<std::string, std::string>>;  ///< name and type
  struct View {
    std::string name;
    Columns columns;
  };
  struct Function {
    std::string name, arguments, result;  ///< as the server shows them
  };
  struct MacroForm {
    std::string form, meaning;
  };
  std::string compat;  ///< version of all of this
  std::vector<View> views;
  std::vector<Function> functions;
  View event_type;
  std::vector<std::string> events;      ///< that an observer is called with
  std::vector<std::string> step_types;  ///< of pgmi_test_plan()
  std::vector<MacroForm> macro_forms;
};

SessionContract session_contract();

}  // namespace pgpm
