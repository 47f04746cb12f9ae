// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"

#include <QByteArray>
#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace mha {

/// What keepalived writes into its FIFO (keepalived.conf(5), vrrp_notify_fifo), a line for each change, in order:
/// INSTANCE "VI_1" MASTER 110
struct NotifyLine {
    QString instance;
    VrrpState state = VrrpState::Unknown;
    int priority = -1;
    bool operator==(const NotifyLine&) const = default;
};

/// Pure. Nothing for what is no instance's state: groups, and states that keepalived may come to have.
std::optional<NotifyLine> parseNotifyLine(const QByteArray& line);

/// The FIFO, read as it is written; made where it is missing. Lives in a thread with an event loop.
class NotifyFifo : public QObject {
    Q_OBJECT

public:
    explicit NotifyFifo(QObject* parent = nullptr);
    ~NotifyFifo() override;

    Result<void> open(const QString& path);
    /// keepalived removes at its end a FIFO that it made: true where it had to be opened anew, so that words may have
    /// been missed.
    bool openAgainIfGone();

Q_SIGNALS:
    void heard(const mha::NotifyLine& line);

private:
    void read();
    void close();

    QString path_;
    int file_ = -1;
    QByteArray rest_;
    std::unique_ptr<QSocketNotifier> notifier_;
};

} // namespace mha
