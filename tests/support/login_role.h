// A login role of a test's own, without rights. Declare it before the database it gets rights in:
// roles belong to the whole server, and one that owns or may do something cannot be dropped.
#pragma once

#include <string>

namespace pgpm::tests {

class LoginRole {
 public:
  LoginRole();
  ~LoginRole();
  LoginRole(const LoginRole&) = delete;
  LoginRole& operator=(const LoginRole&) = delete;

  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

}  // namespace pgpm::tests
