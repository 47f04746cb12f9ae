// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/picture.h"

#include <QObject>

#include <chrono>
#include <deque>
#include <memory>
#include <optional>

namespace mha {

/// The pictures of the last hour, and which of them is looked at: the newest (live), or an earlier one. What is kept is
/// thinned out as it ages: every change, but of the time between changes only a picture now and then, so that an hour
/// is a few megabytes. A moment is always that of a picture as it was seen, never something between two. Pure but for
/// its signals: the time is that of the pictures.
class TimeMachine : public QObject {
    Q_OBJECT

public:
    static constexpr std::chrono::minutes kKept{60};
    static constexpr std::chrono::minutes kAllOf{5}; ///< so far back every picture is kept
    static constexpr std::chrono::seconds kThinned{5};
    static constexpr qsizetype kMostPictures = 8000;

    using QObject::QObject;

    void clear();
    void add(const Picture& picture);

    qsizetype size() const { return static_cast<qsizetype>(kept_.size()); }

    bool live() const { return shown_ == nullptr; }

    /// The earlier picture that is looked at; nullptr while live. It stays as it is however old it grows.
    const Picture* shown() const { return shown_.get(); }

    /// When that was; nothing while live.
    std::optional<Instant> moment() const;
    std::optional<Instant> oldest() const;
    std::optional<Instant> newest() const;

public Q_SLOTS:
    /// To the last picture that is not after `when`; behind the newest one it is live.
    void windTo(mha::Instant when);
    /// So many pictures on (or back, below 0); on from the newest it is live.
    void step(int pictures);
    void windToBegin();
    void goLive();

Q_SIGNALS:
    /// Another moment is looked at, or it is live again.
    void wound();

private:
    using Kept = std::shared_ptr<const Picture>;

    void show(Kept picture);
    void thinOut();

    std::deque<Kept> kept_;   ///< oldest first
    std::size_t thinned_ = 0; ///< so many from the front have been thinned out
    Kept shown_;
};

} // namespace mha
