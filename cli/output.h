// Where text goes. What must be written (stdout, report files) throws when it cannot be; what is
// only told (progress on stderr) does not. Unbuffered: each call is one write, so that lines of two
// streams keep their order.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace pgpm::cli {

class Output {
 public:
  virtual ~Output() = default;
  virtual void write(std::string_view text) = 0;
};

/// A file descriptor that belongs to somebody else.
class DescriptorOutput final : public Output {
 public:
  enum class OnFailure { raise, ignore };
  DescriptorOutput(int descriptor, std::string name, OnFailure on_failure)
      : descriptor_(descriptor), name_(std::move(name)), on_failure_(on_failure) {}
  /// Throws Error(other) if it cannot be written (EPIPE, ENOSPC, ...), once; afterwards it
  /// swallows.
  void write(std::string_view text) override;
  /// It broke because nobody reads any more (EPIPE).
  bool reader_left() const { return reader_left_; }

 private:
  int descriptor_;
  std::string name_;
  OnFailure on_failure_;
  bool is_broken_ = false, reader_left_ = false;
};

/// A file of its own, created or emptied when opened. Throws Error(other) if it cannot be.
class FileOutput final : public Output {
 public:
  explicit FileOutput(const std::filesystem::path& path);
  ~FileOutput() override;
  FileOutput(const FileOutput&) = delete;
  FileOutput& operator=(const FileOutput&) = delete;
  void write(std::string_view text) override { output_.write(text); }

 private:
  int descriptor_;
  DescriptorOutput output_;
};

class StringOutput final : public Output {
 public:
  void write(std::string_view written) override { text += written; }
  std::string text;
};

}  // namespace pgpm::cli
