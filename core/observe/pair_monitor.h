// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/ssh_link.h"
#include "observe/pair_source.h"

#include <memory>

namespace mha {

struct MonitorOptions {
    SshOptions ssh;
    bool streams = true; ///< false: look once (a one-shot `status`), then only what has been asked for
};

/// Watches one pair: owns a link and sensors for each node and the probe of the VIP (each in a thread of its own),
/// feeds the reducer in the thread of this object (the GUI's), and tells what is new. Never blocks that thread.
class PairMonitor : public PairSource {
    Q_OBJECT

public:
    PairMonitor(Pair pair, MonitorOptions options, QObject* parent = nullptr);
    ~PairMonitor() override; ///< stops

    void start() override;
    void stop() override;

    const Pair& pair() const override;
    const Picture& picture() const override;

    Instant now() const override { return wallClockNow(); }

    /// The link of node 0 or 1, valid as long as this object.
    Link& link(int node);

    /// True once every fact of every node is seen or known to be unseeable: what a one-shot status waits for.
    bool complete() const override;

public Q_SLOTS:
    /// Try refused and waiting nodes again now.
    void retryNow();
    /// Tells the reducer of an operation of ours, so that the verdict is "switching" and the failover is a planned one.
    void noteOperation(const mha::OperationSeen& operation);

private Q_SLOTS:
    void take(); // what the sensors have put into the inbox

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace mha
