#include "tests/faults/proxy.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <list>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace pgpm::faults {

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  int get() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

Descriptor listen_on_loopback() {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    fail("bind");
  if (::listen(socket.get(), 64) != 0) fail("listen");
  return socket;
}

void without_nagle(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Descriptor connect_to_folder(const ProxyOptions& options) {
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = options.host + "/.s.PGSQL." + options.port;
  if (path.size() < sizeof address.sun_path) std::strcpy(address.sun_path, path.c_str());
  if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    socket.close();
  return socket;
}

/// -1 if nobody answers.
Descriptor connect_to_server(const ProxyOptions& options) {
  if (options.host.starts_with("/")) return connect_to_folder(options);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(options.host.c_str(), options.port.c_str(), &hints, &found) != 0)
    return Descriptor(-1);
  Descriptor socket(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(socket.get(), found->ai_addr, found->ai_addrlen) != 0) socket.close();
  ::freeaddrinfo(found);
  if (socket.get() >= 0) without_nagle(socket.get());
  return socket;
}

/// Bytes on their way, in order, each with the time it may arrive.
class Pipeline {
 public:
  void add(Clock::time_point due, std::string_view bytes) { late_.emplace_back(due, bytes); }
  bool empty() const { return late_.empty(); }
  Clock::time_point due() const { return late_.front().first; }

  /// Writes what is due. False if the receiver is gone.
  bool deliver(int receiver, Clock::time_point now) {
    while (!late_.empty() && late_.front().first <= now) {
      std::string& bytes = late_.front().second;
      const ssize_t sent =
          ::send(receiver, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent < 0) return errno == EAGAIN || errno == EINTR;
      bytes.erase(0, static_cast<std::size_t>(sent));
      if (!bytes.empty()) return true;
      late_.pop_front();
    }
    return true;
  }

 private:
  std::deque<std::pair<Clock::time_point, std::string>> late_;
};

/// One way of a session.
struct Way {
  explicit Way(Sender who) : sender(who), reader(who) {}
  Sender sender;
  MessageReader reader;
  Pipeline pipeline;
  bool ended = false;  // the sender said no more
};

struct Session {
  Session(Descriptor from, Descriptor to) : client(std::move(from)), server(std::move(to)) {}
  Descriptor client, server;
  Way to_server{Sender::client}, to_client{Sender::server};
  bool cut = false;
};

}  // namespace

class Proxy::Server {
 public:
  explicit Server(ProxyOptions options)
      : options_(std::move(options)),
        listener_(listen_on_loopback()),
        wake_(::eventfd(0, EFD_CLOEXEC)),
        thread_([this] { serve(); }) {}
  ~Server() {
    ::eventfd_write(wake_.get(), 1);
    thread_.join();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }

 private:
  void serve() {
    for (;;) {
      std::vector<pollfd> polled{{wake_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
      for (const Session& session : sessions_) {
        polled.push_back({session.client.get(), events(session.to_server, session.to_client), 0});
        polled.push_back({session.server.get(), events(session.to_client, session.to_server), 0});
      }
      wait(polled);
      if (polled[0].revents != 0) return;
      std::size_t at = 2;
      for (Session& session : sessions_) {
        if (polled[at++].revents != 0) receive(session, session.to_server, session.client.get());
        if (polled[at++].revents != 0) receive(session, session.to_client, session.server.get());
        deliver(session);
      }
      sessions_.remove_if([](const Session& session) { return session.cut; });
      if (polled[1].revents != 0) accept();
    }
  }

  static bool is_due(const Pipeline& pipeline) {
    return !pipeline.empty() && pipeline.due() <= Clock::now();
  }

  /// What to wait for at the end that sends `from` and receives `to`.
  static short events(const Way& from, const Way& to) {
    const int reading = from.ended ? 0 : POLLIN;
    const int writing = is_due(to.pipeline) ? POLLOUT : 0;
    return static_cast<short>(reading | writing);
  }

  void wait(std::vector<pollfd>& polled) const {
    Clock::time_point next = Clock::time_point::max();
    for (const Session& session : sessions_)
      for (const Way* way : {&session.to_server, &session.to_client})
        if (!way->pipeline.empty() && !is_due(way->pipeline))
          next = std::min(next, way->pipeline.due());
    timespec timeout{};
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::max(next - Clock::now(), Clock::duration::zero()));
    timeout.tv_sec = left.count() / 1'000'000'000;
    timeout.tv_nsec = left.count() % 1'000'000'000;
    ::ppoll(polled.data(), polled.size(), next == Clock::time_point::max() ? nullptr : &timeout,
            nullptr);
  }

  void accept() {
    Descriptor client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (client.get() < 0) return;
    without_nagle(client.get());
    Descriptor server = connect_to_server(options_);
    if (server.get() >= 0) sessions_.emplace_back(std::move(client), std::move(server));
  }

  void receive(Session& session, Way& way, int sender) {
    if (way.ended || session.cut) return;
    std::array<char, 65536> room{};
    const ssize_t got = ::recv(sender, room.data(), room.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) {
      way.ended = true;
      return;
    }
    way.reader.feed({room.data(), static_cast<std::size_t>(got)},
                    [&](const WireMessage& message) { pass(session, way, message); });
  }

  void pass(Session& session, Way& way, const WireMessage& message) {
    if (session.cut) return;
    const Clock::time_point due = Clock::now() + options_.round_trip / 2;
    const bool request =
        message.type == '\0' && (message.code() == ssl_request || message.code() == gss_request);
    if (request) return session.to_client.pipeline.add(due, "N");
    const Passing passing{way.sender, message.type, message.bytes, ++messages_};
    const Verdict verdict = options_.judge ? options_.judge(passing) : Verdict::pass;
    if (verdict != Verdict::cut) way.pipeline.add(due, message.bytes);
    if (verdict == Verdict::pass_cut) deliver(session);
    if (verdict != Verdict::pass) session.cut = true;
  }

  static void deliver(Session& session) {
    const Clock::time_point now = Clock::now();
    const bool client = session.to_client.pipeline.deliver(session.client.get(), now);
    const bool server = session.to_server.pipeline.deliver(session.server.get(), now);
    // An end that has gone is missed by the other one only when all it said has arrived.
    for (const Way* way : {&session.to_server, &session.to_client})
      if (way->ended && way->pipeline.empty()) session.cut = true;
    if (!client || !server) session.cut = true;
  }

  ProxyOptions options_;
  Descriptor listener_, wake_;
  std::list<Session> sessions_;
  std::size_t messages_ = 0;
  std::thread thread_;  // last: it uses all of the above
};

Proxy::Proxy(ProxyOptions options) : server_(std::make_unique<Server>(std::move(options))) {}
Proxy::~Proxy() = default;

int Proxy::port() const {
  return server_->port();
}

}  // namespace pgpm::faults
