// Fragments as simple-protocol messages, and the way back: from a result's number or a character
// position in a message to the fragment, statement and byte of the author's file. Pure: no
// connection. COPY data is not part of a message; a script's text goes around it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/db/batch.h"

namespace pgpm::db {

/// The result that is expected at a place in the sequence of results.
struct Slot {
  std::size_t fragment = 0;
  std::size_t statement = 0;
};

/// Bytes of a message that were copied from a fragment without a gap, up to the next segment.
struct Segment {
  std::size_t begin = 0;  ///< in the message
  std::size_t fragment = 0;
  std::size_t source = 0;  ///< in the fragment's text
  std::size_t size = 0;
};

struct Message {
  std::string text;
  std::vector<Segment> segments;
  std::vector<Slot> slots;
};

/// Whether COPY data stays where the author put it: to be read by people and psql, or out of the
/// way of the protocol.
enum class CopyData { left_out, in_place };

/// Cuts a batch into messages, one at a time, so that a huge script is never in memory twice. Cuts
/// fall between statements, around scripts that refuse transactions, and where a message would
/// exceed `limit` bytes.
class MessageBuilder {
 public:
  explicit MessageBuilder(const Batch& batch, CopyData copy_data = CopyData::left_out,
                          std::size_t limit = 1U << 20U);
  std::optional<Message> next();

 private:
  enum class Added { more_fits, message_full };
  using Range = std::pair<std::size_t, std::size_t>;

  Added add_fragment(Message& message);
  Added add_engine_sql(const Fragment& fragment, Message& message);
  Added add_script(const Fragment& fragment, Message& message);
  void enter(const Fragment& fragment);
  Range piece(const Fragment& fragment) const;
  void append_piece(const Fragment& fragment, Message& message) const;
  void append(const Fragment& fragment, std::size_t begin, std::size_t end, Message& message) const;

  const Batch& batch_;
  CopyData copy_data_;
  std::size_t limit_;
  std::size_t fragment_ = 0;  // the next to add
  std::size_t piece_ = 0;     // of it
  std::size_t pieces_ = 0;    // it has
  bool entered_ = false;      // pieces_ and gaps_ are of fragment_
  std::vector<Range> gaps_;   // COPY data with its end marker
};

/// Where in which fragment a 1-based character position of a message is. Beyond a fragment's text
/// (our own separator behind it) it is that fragment's end.
struct Place {
  std::size_t fragment = 0;
  std::size_t offset = 0;
};
Place place_of(const Message& message, std::size_t character_position);
/// The same for a byte offset.
Place place_at(const Message& message, std::size_t at);

/// The statement of a script that an offset falls into.
std::size_t statement_at(const sql::Script& script, std::size_t offset);

}  // namespace pgpm::db
