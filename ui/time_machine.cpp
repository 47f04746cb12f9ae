// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/time_machine.h"

#include "observe/reducer.h"

#include <algorithm>

namespace mha {

void TimeMachine::clear() {
    kept_.clear();
    thinned_ = 0;
    goLive();
}

void TimeMachine::add(const Picture& picture) {
    kept_.push_back(std::make_shared<const Picture>(picture));
    const Instant tooOld = picture.at - kKept;
    while (kept_.front()->at < tooOld || size() > kMostPictures) {
        kept_.pop_front();
        thinned_ -= thinned_ > 0 ? 1 : 0;
    }
    thinOut();
}

void TimeMachine::thinOut() {
    const Instant before = kept_.back()->at - kAllOf;
    while (thinned_ + 1 < kept_.size() && kept_.at(thinned_)->at < before) {
        const bool needless = thinned_ > 0 && kept_.at(thinned_)->at - kept_.at(thinned_ - 1)->at < kThinned &&
                              looksSame(*kept_.at(thinned_ - 1), *kept_.at(thinned_));
        if (needless) {
            kept_.erase(kept_.begin() + static_cast<std::ptrdiff_t>(thinned_));
        } else {
            ++thinned_;
        }
    }
}

std::optional<Instant> TimeMachine::moment() const {
    return shown_ ? std::optional(shown_->at) : std::nullopt;
}

std::optional<Instant> TimeMachine::oldest() const {
    return kept_.empty() ? std::nullopt : std::optional(kept_.front()->at);
}

std::optional<Instant> TimeMachine::newest() const {
    return kept_.empty() ? std::nullopt : std::optional(kept_.back()->at);
}

void TimeMachine::windTo(Instant when) {
    if (kept_.empty() || when > kept_.back()->at)
        return goLive();
    const auto after = std::ranges::upper_bound(kept_, when, {}, [](const Kept& kept) { return kept->at; });
    show(after == kept_.begin() ? kept_.front() : *std::prev(after));
}

void TimeMachine::step(int pictures) {
    if (kept_.empty() || pictures == 0)
        return;
    // Live stands on the newest picture; a shown one may have been thinned out or forgotten meanwhile.
    const auto here = shown_
                          ? std::ranges::lower_bound(kept_, shown_->at, {}, [](const Kept& kept) { return kept->at; })
                          : std::prev(kept_.end());
    const auto target = (here - kept_.begin()) + pictures;
    if (target >= std::ssize(kept_))
        return goLive();
    show(kept_.at(static_cast<std::size_t>(std::max<std::ptrdiff_t>(target, 0))));
}

void TimeMachine::windToBegin() {
    if (!kept_.empty())
        show(kept_.front());
}

void TimeMachine::goLive() {
    show(nullptr);
}

void TimeMachine::show(Kept picture) {
    if (picture == shown_)
        return;
    shown_ = std::move(picture);
    Q_EMIT wound();
}

} // namespace mha
