// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/link.h"
#include "model/pair.h"
#include "model/picture.h"
#include "past/log_moment.h"

#include <QObject>
#include <QTimer>

#include <array>
#include <functional>

namespace mha {

/// Reads from both nodes' logs what they say of one moment, one command each in the links' threads, and tells it node
/// by node as it comes. A node that is out of sight is asked when it is back, and one that was asked before the moment
/// was over a second time. A later question overtakes: each node answers one at a time, the newest next. Lives in the
/// monitor's thread, which must outlive it; the links must be stopped before this object goes. Blocks nothing.
class LogReader : public QObject {
    Q_OBJECT

public:
    LogReader(const Pair& pair, std::array<Link*, 2> links, std::function<Instant()> clock = &wallClockNow,
              QObject* parent = nullptr);

    const MomentLog& log() const { return log_; }

public Q_SLOTS:
    /// Of the failover with this id; desktop clock.
    void read(qint64 failover, mha::Instant from, mha::Instant until);
    /// Who can be asked, and how the clocks stand.
    void look(const mha::Picture& picture);
    /// Asks those once more that could not be read.
    void retry();

Q_SIGNALS:
    void told(const mha::MomentLog& log);

private:
    struct Node {
        Link* link = nullptr;
        bool wanted = false; ///< to be asked
        bool busy = false;   ///< it has not answered yet
        Instant session;     ///< in which it was asked
    };

    void ask(std::size_t node);
    void exec(std::size_t node, const Command& command, Instant from, Instant until, Duration ahead);
    void take(std::size_t node, int run, const Result<LogLook>& look, Duration ahead);
    void setLog(std::size_t node, const NodeLog& log);

    std::function<Instant()> clock_;
    Picture picture_;
    std::array<Node, 2> nodes_;
    MomentLog log_;
    QTimer over_; ///< the moment is, and all of it can be read
    int run_ = 0; ///< of the question; 0: none yet
};

} // namespace mha
