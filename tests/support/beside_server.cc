#include "tests/support/beside_server.h"

#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

namespace pgpm::tests {

namespace {

bool become_owner_of(const std::filesystem::path& socket_dir,
                     const std::filesystem::path& own_dir) {
  struct stat owner {};
  if (geteuid() != 0) return true;
  return stat(socket_dir.c_str(), &owner) == 0 &&
         chown(own_dir.c_str(), owner.st_uid, owner.st_gid) == 0 && setgid(owner.st_gid) == 0 &&
         setuid(owner.st_uid) == 0;
}

}  // namespace

int start_beside(const std::filesystem::path& socket_dir, const std::filesystem::path& own_dir,
                 const std::vector<std::string>& command) {
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const int parent = getpid();
  const int pid = fork();
  if (pid != 0) return pid;
  const bool ready = become_owner_of(socket_dir, own_dir) && chdir(own_dir.c_str()) == 0;
  // Whoever kills the test kills it, too.
  if (!ready || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(1);
  execv(words[0], words.data());
  _exit(1);
}

}  // namespace pgpm::tests
