// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSocketNotifier>

namespace mha::cli {

/// Tells in the event loop of SIGINT, SIGTERM and SIGHUP, each time, for as long as it lives; they do not end the
/// program meanwhile. One object a program.
class StopSignal : public QObject {
    Q_OBJECT

public:
    explicit StopSignal(QObject* parent = nullptr);
    ~StopSignal() override;

Q_SIGNALS:
    void received();

private:
    int pipe_[2] = {-1, -1};
    std::unique_ptr<QSocketNotifier> notifier_;
};

} // namespace mha::cli
