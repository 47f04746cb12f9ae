// SPDX-License-Identifier: GPL-3.0-or-later
#include "stop_signal.h"

#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace mha::cli {

namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};
/// Only write(2) is allowed in a signal handler.
int g_writeEnd = -1;

void onSignal(int) {
    const char byte = 0;
    [[maybe_unused]] const ssize_t written = write(g_writeEnd, &byte, 1);
}

} // namespace

StopSignal::StopSignal(QObject* parent) : QObject(parent) {
    if (pipe2(pipe_, O_CLOEXEC | O_NONBLOCK) != 0)
        return;
    g_writeEnd = pipe_[1];
    notifier_ = std::make_unique<QSocketNotifier>(pipe_[0], QSocketNotifier::Read);
    connect(notifier_.get(), &QSocketNotifier::activated, this, [this] {
        char bytes[16];
        while (read(pipe_[0], bytes, sizeof bytes) > 0) {
        }
        Q_EMIT received();
    });
    for (const int signal : kSignals) {
        struct sigaction action{};
        action.sa_handler = onSignal;
        action.sa_flags = SA_RESTART;
        sigaction(signal, &action, nullptr);
    }
}

StopSignal::~StopSignal() {
    for (const int signal : kSignals)
        std::signal(signal, SIG_DFL);
    notifier_.reset();
    for (const int end : pipe_) {
        if (end >= 0)
            close(end);
    }
}

} // namespace mha::cli
