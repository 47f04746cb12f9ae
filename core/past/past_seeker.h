// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/past.h"
#include "past/trace.h"

#include <QObject>
#include <QTimer>

#include <array>
#include <optional>

namespace mha {

class PairMonitor;
struct Picture;

/// Asks both nodes of a monitor for their records once they are in sight, one command each in the links' threads, and
/// tells what was rebuilt: of both nodes, or, where one stays away, first of the other alone. A look that broke off is
/// taken again. A node that alone was out of sight is looked up of itself once it is back. Lives in the monitor's
/// thread, which must outlive it and be stopped before this object goes; blocks nothing.
class PastSeeker : public QObject {
    Q_OBJECT

public:
    explicit PastSeeker(PairMonitor& monitor, QObject* parent = nullptr);

public Q_SLOTS:
    /// Begins anew, with what a history lacks; without a gap nothing is asked.
    void seek(const mha::PastWanted& wanted);

Q_SIGNALS:
    void rebuilt(const mha::RebuiltPast& past);

private:
    /// A node that is not in sight while the other is.
    struct Darkness {
        std::optional<Instant> since;
        std::optional<Instant> otherSince; ///< the other has been in sight
        /// The other was, for more than a blink; else the whole pair was out of sight, for which its recorder asks.
        bool alone = false;
    };

    void begin(const PastWanted& wanted);
    void watchSight(const Picture& picture);
    void look(const Picture& picture);
    void ask(int node, const Picture& picture);
    void take(int node, const std::optional<NodePast>& past);
    void tell();

    PairMonitor& monitor_;
    PastWanted wanted_;
    const Instant startedAt_;
    std::array<Darkness, 2> darkness_;
    QList<PastWanted> later_; ///< nodes that were out of sight
    std::array<bool, 2> asked_{};
    std::array<bool, 2> brokeOff_{};
    std::array<std::optional<NodePast>, 2> nodes_;
    QTimer alone_;
    QTimer again_;
    int run_ = 0;
};

} // namespace mha
