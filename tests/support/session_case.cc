#include "tests/support/session_case.h"

namespace pgpm::tests {

std::string SessionCase::notices() const {
  std::string all;
  for (const NoticeRaised& notice : observer.all<NoticeRaised>())
    all += notice.message.message + "\n";
  return all;
}

std::string SessionCase::verdicts() const {
  std::string all;
  for (const CheckFinished& check : observer.all<CheckFinished>())
    all += check.name + " " + verdict_name(check.verdict) + "\n";
  return all;
}

std::string SessionCase::seen(const std::string& query) {
  deploy("DO $seen$ DECLARE r record; BEGIN FOR r IN " + query +
         " LOOP RAISE NOTICE '%', (SELECT string_agg(coalesce(value, '<null>'), '|') FROM "
         "json_each_text(row_to_json(r))); END LOOP; END $seen$;");
  return notices();
}

}  // namespace pgpm::tests
