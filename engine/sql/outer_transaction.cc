#include "engine/sql/outer_transaction.h"

#include "engine/sql/statement_kind.h"
#include "engine/text/ascii.h"

namespace pgpm::sql {
namespace {

struct Control {
  std::size_t statement = 0;
  TransactionStatement what;
};

bool ends_transaction(TransactionVerb verb) {
  return verb == TransactionVerb::commit || verb == TransactionVerb::rollback;
}

/// Names beginning with pgpm_ are the engine's. U&"..." may spell anything.
bool is_reserved(std::string_view savepoint) {
  if (istarts_with(savepoint, "u&")) return true;
  if (!savepoint.empty() && savepoint.front() == '"') savepoint.remove_prefix(1);
  return istarts_with(savepoint, "pgpm_");
}

class Review {
 public:
  Review(std::string_view text, std::span<const Statement> statements) : count_(statements.size()) {
    for (std::size_t i = 0; i < statements.size(); ++i) {
      if (statements[i].kind != Statement::Kind::transaction) continue;
      const Statement& statement = statements[i];
      const std::string_view own = text.substr(statement.begin, statement.end - statement.begin);
      const Control control{i, transaction_statement(own)};
      const bool savepoint = control.what.verb == TransactionVerb::savepoint;
      (savepoint ? savepoints_ : controls_).push_back(control);
    }
  }

  void check_transactional(OuterRollback rollback) {
    for (const Control& control : savepoints_) {
      if (is_reserved(control.what.savepoint))
        add(TransactionFinding::Kind::reserved_savepoint, control);
    }
    if (controls_.empty()) return;
    if (encloses()) {
      take_outer(rollback);
      for (std::size_t i = 1; i + 1 < controls_.size(); ++i)
        add(misplaced(controls_[i]), controls_[i]);
    } else if (controls_.size() == 1) {
      add(unpaired(controls_.front()), controls_.front());
    } else {
      for (const Control& control : controls_) add(misplaced(control), control);
    }
  }

  /// A pair written by habit around a statement that can never run in it.
  bool take_habitual_pair() {
    if (!encloses() || controls_.size() != 2) return false;
    add(TransactionFinding::Kind::pair_ignored, controls_.front());
    return review_.has_outer = true;
  }

  void check_left_open() {
    const Control* open = nullptr;
    for (const Control& control : controls_) {
      if (control.what.verb == TransactionVerb::two_phase) open = nullptr;
      if (ends_transaction(control.what.verb)) open = nullptr;
      if (control.what.verb == TransactionVerb::begin) open = &control;
      if (control.what.verb == TransactionVerb::chain) open = &control;
    }
    if (open != nullptr) add(TransactionFinding::Kind::open_at_end, *open);
  }

  TransactionReview done() { return std::move(review_); }

 private:
  /// The first statement begins a transaction and the last one ends one.
  bool encloses() const {
    return controls_.size() >= 2 && controls_.front().statement == 0 &&
           controls_.front().what.verb == TransactionVerb::begin &&
           controls_.back().statement + 1 == count_ && ends_transaction(controls_.back().what.verb);
  }

  void take_outer(OuterRollback rollback) {
    review_.has_outer = true;
    if (!controls_.front().what.modes.empty())
      add(TransactionFinding::Kind::modes_ignored, controls_.front());
    const bool rolled_back = controls_.back().what.verb == TransactionVerb::rollback;
    if (rolled_back && rollback == OuterRollback::refused)
      add(TransactionFinding::Kind::rolled_back, controls_.back());
  }

  static TransactionFinding::Kind misplaced(const Control& control) {
    if (control.what.verb == TransactionVerb::chain) return TransactionFinding::Kind::chained;
    if (control.what.verb == TransactionVerb::two_phase) return TransactionFinding::Kind::two_phase;
    return TransactionFinding::Kind::inside;
  }

  TransactionFinding::Kind unpaired(const Control& control) const {
    if (control.statement == 0 && control.what.verb == TransactionVerb::begin) {
      return TransactionFinding::Kind::begin_without_commit;
    }
    if (control.what.verb == TransactionVerb::commit)
      return TransactionFinding::Kind::commit_without_begin;
    return misplaced(control);
  }

  void add(TransactionFinding::Kind kind, const Control& control) {
    review_.findings.push_back({kind, control.statement});
  }

  std::size_t count_;
  std::vector<Control> controls_, savepoints_;
  TransactionReview review_;
};

}  // namespace

TransactionReview review_transactions(std::string_view text, std::span<const Statement> statements,
                                      TransactionMode mode, OuterRollback rollback) {
  Review review(text, statements);
  if (mode == TransactionMode::transactional) {
    review.check_transactional(rollback);
  } else if (mode == TransactionMode::declined_by_header || !review.take_habitual_pair()) {
    review.check_left_open();
  }
  return review.done();
}

}  // namespace pgpm::sql
