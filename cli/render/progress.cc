#include "cli/render/progress.h"

#include <algorithm>

#include <fmt/format.h>

namespace pgpm::cli {

namespace {
constexpr auto shortest_between = std::chrono::milliseconds(50);
constexpr auto tick_length = std::chrono::milliseconds(100);
}  // namespace

std::string show_progress(const ProgressState& state, double elapsed_seconds, const Style& style) {
  const std::string total = std::to_string(state.total);
  const std::string position =
      fmt::format("[{}/{}]", pad_left(std::to_string(state.index), total.size()), total);
  // Whole tenths: digits that change faster cannot be read.
  const std::string time = elapsed_seconds < 60 ? fmt::format("{:.1f} s", elapsed_seconds)
                                                : show_duration(elapsed_seconds);
  const std::size_t width = std::max<std::size_t>(style.width, 20) - 1;
  const std::size_t fixed = position.size() + 2 + time.size() + 1;
  const std::size_t room = width > fixed ? width - fixed : 0;
  const std::string module = clip(printable(state.module), room / 2);
  const std::size_t left = room - std::min(room, cells(module) + 2);
  const std::string change = clip(printable(state.change), left);
  std::string line = style.green(position) + " " + style.bold(module) + "  ";
  if (!change.empty()) line += change + "  ";
  return line + style.dim(time);
}

ProgressLine::ProgressLine(Output& terminal, Style style) : terminal_(terminal), style_(style) {}

ProgressLine::~ProgressLine() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
    erase();
  }
  wake_.notify_all();
  if (ticker_.joinable()) ticker_.join();
}

void ProgressLine::update(ProgressState state) {
  const std::lock_guard lock(mutex_);
  const auto now = Time::now();
  if (!ticker_.joinable()) {
    started_ = now;
    ticker_ = std::thread([this] { tick(); });
  }
  state_ = std::move(state);
  is_active_ = true;
  if (!is_drawn_ || now - drawn_at_ >= shortest_between) draw(now);
}

void ProgressLine::clear() {
  const std::lock_guard lock(mutex_);
  is_active_ = false;
  erase();
}

void ProgressLine::print(const std::string& text) {
  const std::lock_guard lock(mutex_);
  if (!is_drawn_) {
    terminal_.write(text);
    return;
  }
  // One write for erasing, the text and the line again: nothing flickers.
  is_drawn_ = false;
  terminal_.write("\r\x1b[K" + text);
  draw(Time::now());
}

void ProgressLine::tick() {
  std::unique_lock lock(mutex_);
  while (!is_ending_) {
    wake_.wait_for(lock, tick_length);
    if (is_active_ && !is_ending_ && Time::now() - drawn_at_ >= shortest_between) draw(Time::now());
  }
}

void ProgressLine::draw(Time::time_point now) {
  const std::chrono::duration<double> elapsed = now - started_;
  // Autowrap is off while drawing: a terminal that was made narrower meanwhile must not get a
  // second line.
  terminal_.write("\r\x1b[?7l" + show_progress(state_, elapsed.count(), style_) + "\x1b[K\x1b[?7h");
  is_drawn_ = true;
  drawn_at_ = now;
}

void ProgressLine::erase() {
  if (is_drawn_) terminal_.write("\r\x1b[K");
  is_drawn_ = false;
}

}  // namespace pgpm::cli
