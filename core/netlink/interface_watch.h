// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "netlink/rtnetlink.h"

#include <QObject>

#include <memory>

namespace mha {

/// Hears each change of this machine's links and addresses from the kernel as it happens. Lives in a thread with an
/// event loop. It tells changes only: open it first, then look by RouteSocket, and nothing is missed.
class InterfaceWatch : public QObject {
    Q_OBJECT

public:
    explicit InterfaceWatch(QObject* parent = nullptr);
    ~InterfaceWatch() override;

    Result<void> open();

Q_SIGNALS:
    void linkChanged(const mha::NetLinkChanged& change);
    void addressChanged(const mha::NetAddressChanged& change);
    /// The kernel had more to tell than its buffer holds: look anew.
    void missedSome();

private:
    void read();

    struct State;
    std::unique_ptr<State> state_;
};

} // namespace mha
