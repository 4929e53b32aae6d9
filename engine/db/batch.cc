#include "engine/db/batch.h"

#include <utility>

#include "engine/db/batch_message.h"

namespace pgpm::db {

void Batch::add(std::string sql, std::size_t label, std::size_t statements) {
  bytes_ += sql.size();
  Fragment fragment;
  fragment.sql = std::move(sql);
  fragment.statements = statements;
  fragment.label = label;
  fragments_.push_back(std::move(fragment));
}

void Batch::add_reset(std::size_t label) {
  std::string sql = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL";
  for (const std::string& statement : after_reset_) sql += "; " + statement;
  add(std::move(sql), label, 3 + after_reset_.size());
}

void Batch::add_noisy(std::string sql, std::size_t label) {
  add(std::move(sql), label);
  fragments_.back().noisy = true;
}

void Batch::add_commit(std::size_t label) {
  add("COMMIT", label);
  fragments_.back().must_commit = true;
}

void Batch::add_script(std::shared_ptr<const sql::Script> script, std::size_t label) {
  bytes_ += script->source().bytes().size();
  Fragment fragment;
  fragment.statements = script->statements().size();
  fragment.script = std::move(script);
  fragment.label = label;
  fragments_.push_back(std::move(fragment));
}

void Batch::add_statement(std::shared_ptr<const sql::Script> script, std::size_t statement,
                          std::size_t label) {
  const sql::Statement& only = script->statements()[statement];
  bytes_ += only.end - only.begin;
  Fragment fragment;
  fragment.script = std::move(script);
  fragment.only_statement = statement;
  fragment.label = label;
  fragments_.push_back(std::move(fragment));
}

std::vector<std::string> render_batch(const Batch& batch) {
  MessageBuilder builder(batch, CopyData::in_place);
  std::vector<std::string> messages;
  while (std::optional<Message> message = builder.next())
    messages.push_back(std::move(message->text));
  return messages;
}

}  // namespace pgpm::db
