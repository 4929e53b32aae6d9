// The one line at the bottom of a terminal that says where a run is. A small thread redraws it, so
// that the time goes on ticking while a change takes long. Everything else written to the terminal
// during a run must go through print().
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "cli/output.h"
#include "cli/style.h"

namespace pgpm::cli {

/// What the line shows.
struct ProgressState {
  std::size_t index = 0, total = 0;
  std::string module, change;
};

/// The line without escape sequences for moving, at most style.width - 1 cells:
/// "[ 3/12] app  tables/users  1.2 s".
std::string show_progress(const ProgressState& state, double elapsed_seconds, const Style& style);

class ProgressLine {
 public:
  ProgressLine(Output& terminal, Style style);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// Shows (or changes) the line. Drawn at most every 50 ms.
  void update(ProgressState state);
  /// Takes the line away.
  void clear();
  /// Writes permanent text above the line.
  void print(const std::string& text);

 private:
  using Time = std::chrono::steady_clock;
  void tick();
  void draw(Time::time_point now);
  void erase();

  Output& terminal_;
  Style style_;
  std::mutex mutex_;
  std::condition_variable wake_;
  ProgressState state_;
  bool is_active_ = false, is_drawn_ = false, is_ending_ = false;
  Time::time_point started_, drawn_at_;
  std::thread ticker_;
};

}  // namespace pgpm::cli
