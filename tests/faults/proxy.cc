#include "tests/faults/proxy.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <deque>
#include <list>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

namespace pgpm::tests {

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

void make_prompt(int fd) {
  const int on = 1;
  // Fails on a unix socket, which is prompt anyway.
  (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0) fail("fcntl");
}

sockaddr_in loopback(const std::string& host, int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
    throw std::runtime_error("not a numeric address: " + host);
  return address;
}

Socket connect_to(const ServerAddress& server) {
  const bool local = server.host.starts_with('/');
  Socket socket(::socket(local ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.fd() < 0) fail("socket");
  int status = 0;
  if (local) {
    const std::string path = server.host + "/.s.PGSQL." + std::to_string(server.port);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error("too long: " + path);
    path.copy(address.sun_path, path.size());
    status = connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  } else {
    const sockaddr_in address = loopback(server.host, server.port);
    status = connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  if (status != 0) fail("connect");
  make_prompt(socket.fd());
  return socket;
}

/// What is on its way to one end.
class Outbox {
 public:
  void add(std::string bytes, Clock::time_point due) { queue_.push_back({std::move(bytes), due}); }
  void add_end(Clock::time_point due) { queue_.push_back({{}, due}); }
  bool empty() const { return queue_.empty(); }
  std::optional<Clock::time_point> next_due() const {
    return queue_.empty() ? std::nullopt : std::optional(queue_.front().due);
  }
  bool is_blocked() const { return blocked_; }

  /// Writes what is due. False when the end was reached or the other side is gone.
  bool write_due(int fd, Clock::time_point now) {
    blocked_ = false;
    while (!queue_.empty() && queue_.front().due <= now) {
      const std::string& bytes = queue_.front().bytes;
      if (bytes.empty()) return false;
      const ssize_t sent = send(fd, bytes.data() + written_, bytes.size() - written_, MSG_NOSIGNAL);
      if (sent < 0) {
        blocked_ = errno == EAGAIN || errno == EINTR;
        return blocked_;
      }
      written_ += static_cast<std::size_t>(sent);
      if (written_ < bytes.size()) continue;
      written_ = 0;
      queue_.pop_front();
    }
    return true;
  }

 private:
  struct Late {
    std::string bytes;  // empty: the end
    Clock::time_point due;
  };
  std::deque<Late> queue_;
  std::size_t written_ = 0;  // of the first one
  bool blocked_ = false;
};

/// One client and its session with the server.
class Link {
 public:
  Link(Socket client, Socket server, std::size_t number, std::chrono::nanoseconds one_way)
      : client_(std::move(client)),
        server_(std::move(server)),
        number_(number),
        one_way_(one_way) {}

  /// False when the connection is over.
  bool pump(const Proxy::Watch& watch) {
    if (!take_in(From::client, watch) || !take_in(From::server, watch)) return false;
    const Clock::time_point now = Clock::now();
    return to_server_.write_due(server_.fd(), now) && to_client_.write_due(client_.fd(), now);
  }
  void add_polls(std::vector<pollfd>& polls) const {
    polls.push_back({client_.fd(), wanted(client_ended_, to_client_), 0});
    polls.push_back({server_.fd(), wanted(server_ended_, to_server_), 0});
  }
  std::optional<Clock::time_point> next_due() const {
    std::optional<Clock::time_point> due;
    for (const Outbox* box : {&to_server_, &to_client_})
      if (!box->is_blocked() && box->next_due() && (!due || *box->next_due() < *due))
        due = box->next_due();
    return due;
  }

 private:
  static short wanted(bool ended, const Outbox& outbox) {
    return static_cast<short>((ended ? 0 : POLLIN) | (outbox.is_blocked() ? POLLOUT : 0));
  }

  bool take_in(From from, const Proxy::Watch& watch) {
    const bool is_client = from == From::client;
    bool& ended = is_client ? client_ended_ : server_ended_;
    MessageReader& reader = is_client ? from_client_ : from_server_;
    std::array<char, 65536> bytes;
    while (!ended) {
      const ssize_t got =
          recv(is_client ? client_.fd() : server_.fd(), bytes.data(), bytes.size(), 0);
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) break;
      if (got <= 0) {
        ended = true;
        (is_client ? to_server_ : to_client_).add_end(Clock::now() + one_way_);
        break;
      }
      reader.add({bytes.data(), static_cast<std::size_t>(got)});
      while (auto message = reader.next())
        if (!pass_on(from, *message, watch)) return false;
    }
    return true;
  }

  bool pass_on(From from, WireMessage& message, const Proxy::Watch& watch) {
    const Clock::time_point due = Clock::now() + one_way_;
    const bool wants_encryption = message.code == ssl_request || message.code == gss_request;
    if (message.type == 0 && wants_encryption) {
      to_client_.add("N", due + one_way_);
      return true;
    }
    if (from == From::server && message.type == 'K') backend_pid_ = read_int32(message.bytes, 5);
    const WireFate verdict =
        watch ? watch({from, message, messages_++, number_, backend_pid_}) : WireFate::pass;
    if (verdict == WireFate::cut) return false;
    Outbox& outbox = from == From::client ? to_server_ : to_client_;
    outbox.add(std::move(message.bytes), due);
    if (verdict == WireFate::pass) return true;
    outbox.write_due(from == From::client ? server_.fd() : client_.fd(), Clock::time_point::max());
    return false;
  }

  Socket client_, server_;
  std::size_t number_;
  std::chrono::nanoseconds one_way_;
  MessageReader from_client_{From::client}, from_server_{From::server};
  Outbox to_server_, to_client_;
  bool client_ended_ = false, server_ended_ = false;
  std::size_t messages_ = 0;
  int backend_pid_ = 0;
};

void wait_for(std::vector<pollfd>& polls, std::optional<Clock::time_point> due) {
  timespec left{};
  if (due) {
    const auto ns = std::max(std::chrono::nanoseconds(0), *due - Clock::now()).count();
    left = {static_cast<time_t>(ns / 1000000000), static_cast<long>(ns % 1000000000)};
  }
  if (ppoll(polls.data(), polls.size(), due ? &left : nullptr, nullptr) < 0 && errno != EINTR)
    fail("ppoll");
}

/// A client that finds no server behind the proxy is told so as by a server that went away.
std::optional<Link> accept_link(int listener, const ServerAddress& server, std::size_t number,
                                std::chrono::nanoseconds one_way) {
  Socket client(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  if (client.fd() < 0) return std::nullopt;
  make_prompt(client.fd());
  try {
    return Link(std::move(client), connect_to(server), number, one_way);
  } catch (const std::system_error&) {
    return std::nullopt;
  }
}

}  // namespace

ServerAddress read_server_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const bool local = text.starts_with('/');
  ServerAddress address{text.substr(0, colon), 5432};
  if (address.host.empty() || (colon == std::string::npos && !local))
    throw std::runtime_error("\"" + text + "\" is neither DIR, DIR:PORT nor HOST:PORT");
  if (colon == std::string::npos) return address;
  const char* end = text.data() + text.size();
  const auto [stopped, problem] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (problem != std::errc() || stopped != end || address.port < 1 || address.port > 65535)
    throw std::runtime_error("\"" + text.substr(colon + 1) + "\" is not a port");
  return address;
}

Proxy::Proxy(ServerAddress server, std::chrono::nanoseconds one_way, Watch watch)
    : server_(std::move(server)),
      one_way_(one_way),
      watch_(std::move(watch)),
      listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  sockaddr_in address = loopback("127.0.0.1", 0);
  socklen_t size = sizeof address;
  if (listener_ < 0 || wake_ < 0) fail("socket");
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0) fail("bind");
  if (listen(listener_, 64) != 0) fail("listen");
  if (getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    fail("getsockname");
  port_ = ntohs(address.sin_port);
}

Proxy::~Proxy() {
  close(listener_);
  close(wake_);
}

void Proxy::run(const std::stop_token& stop) {
  const int wake = wake_;
  const std::stop_callback on_stop(stop, [wake] { eventfd_write(wake, 1); });
  std::list<Link> links;
  std::size_t accepted = 0;
  while (!stop.stop_requested()) {
    std::vector<pollfd> polls{{listener_, POLLIN, 0}, {wake_, POLLIN, 0}};
    std::optional<Clock::time_point> due;
    for (const Link& link : links) {
      link.add_polls(polls);
      if (link.next_due() && (!due || *link.next_due() < *due)) due = link.next_due();
    }
    wait_for(polls, due);
    if ((polls[0].revents & POLLIN) != 0)
      if (auto link = accept_link(listener_, server_, accepted++, one_way_))
        links.push_back(std::move(*link));
    links.remove_if([this](Link& link) { return !link.pump(watch_); });
  }
}

}  // namespace pgpm::tests
