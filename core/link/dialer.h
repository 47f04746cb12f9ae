// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "model/observation.h"
#include "model/pair.h"

#include <QObject>

#include <chrono>
#include <functional>
#include <memory>

class QSocketNotifier;
class QTimer;
struct addrinfo;

namespace mha {

/// Opens one TCP connection to a node without blocking: its name is resolved in a thread of its own (getaddrinfo(3)
/// knows no limit), then each address is tried in turn. Lives in the link's thread; destroying it gives up.
class Dialer : public QObject {
    Q_OBJECT

public:
    /// A connected socket, non-blocking and close-on-exec with TCP_NODELAY, that now belongs to the receiver.
    using Done = std::function<void(Result<int> socket)>;

    Dialer(const NodeConfig& node, std::chrono::milliseconds limit, Done done);
    ~Dialer() override;

    /// Resolve until the name has an address, then Connect.
    LinkStep step() const { return list_ ? LinkStep::Connect : LinkStep::Resolve; }

private:
    struct Lookup;

    using Addresses = std::shared_ptr<addrinfo>;

    void resolved(const QString& failure, const Addresses& list);
    void tryNext();
    void connected();
    void addressTimedOut();
    void finish(Result<int> result);
    void closeSocket();

    NodeConfig node_;
    std::chrono::milliseconds limit_;
    Done done_;
    std::shared_ptr<Lookup> lookup_;
    Addresses list_;
    const addrinfo* next_ = nullptr;
    int lastErrno_ = 0;
    int socket_ = -1;
    std::unique_ptr<QSocketNotifier> notifier_;
    std::unique_ptr<QTimer> wholeLimit_;
    std::unique_ptr<QTimer> addressLimit_;
};

} // namespace mha
