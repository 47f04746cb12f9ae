// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "netlink/addresses.h"
#include "observe/line_stream.h"
#include "observe/sensor_context.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace mha {

/// The VIP and its link on one node: a look at the start and now and then, the address stream between.
class AddressSensor : public QObject {
    Q_OBJECT

public:
    AddressSensor(std::shared_ptr<SensorContext> context, std::function<void()> vipMoved, QObject* parent);

    void start();
    void stop();
    void look();

private:
    void reconcile();
    void looked(const Result<ExecResult>& result);
    void changed(const AddressChange& change);

    std::shared_ptr<SensorContext> context_;
    std::function<void()> vipMoved_;
    AddressMonitorParser parser_;
    LineStream monitor_;
    QTimer reconcile_;
    QElapsedTimer lookedAgo_; ///< since the last look that could be read
    std::optional<VipSeen> last_;
    QString linkInterface_; ///< whose link matters
    bool looking_ = false;
    bool changedMeanwhile_ = false; ///< the look under way may be older than the last change
    bool askedAgain_ = false;       ///< since the last answer that could be read
    int run_ = 0;                   ///< of start(): what an earlier one asked is not heard
};

} // namespace mha
