// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "node/notify_line.h"

#include <QByteArray>
#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace mha {

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
