#include "tests/support/beside_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

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

int run_beside(const std::filesystem::path& socket_dir, const std::filesystem::path& own_dir,
               const std::vector<std::string>& command) {
  const int pid = start_beside(socket_dir, own_dir, command);
  int status = -1;
  if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  const bool bound = ::bind(socket, any, size) == 0 && ::getsockname(socket, any, &size) == 0;
  ::close(socket);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

}  // namespace pgpm::tests
