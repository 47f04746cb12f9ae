// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/line_stream.h"

namespace mha {

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds kOpenAgainAfter{1000};
/// A command that ends sooner did not run at all.
constexpr qint64 kRanAtLeastMs = 1500;

} // namespace

LineStream::LineStream(std::shared_ptr<SensorContext> context, Command command, Events events, QObject* parent)
    : QObject(parent), context_(std::move(context)), command_(std::move(command)), events_(std::move(events)),
      again_(this) {
    again_.setSingleShot(true);
    connect(&again_, &QTimer::timeout, this, &LineStream::open);
}

LineStream::~LineStream() = default;

void LineStream::open() {
    again_.stop();
    open_ = false;
    Command command = command_;
    asRoot_ = command.asRoot && context_->isRoot();
    command.asRoot = asRoot_;
    age_.start();
    channel_ = context_->link->openCommand(
        command, {
                     .opened =
                         [this] {
                             open_ = true;
                             if (events_.opened)
                                 events_.opened();
                         },
                     .received = [this](const QByteArray& bytes) { events_.received(bytes); },
                     .closed = [this](const Error& error, std::optional<int> exitCode) { ended(error, exitCode); },
                 });
}

void LineStream::close() {
    again_.stop();
    open_ = false;
    channel_.reset();
}

void LineStream::write(const QByteArray& bytes) {
    if (open_)
        channel_->write(bytes);
}

void LineStream::ended(const Error& error, std::optional<int> exitCode) {
    open_ = false;
    channel_.reset();
    const bool neverRan = exitCode && age_.elapsed() < kRanAtLeastMs;
    if (neverRan && asRoot_ && !context_->link->userIsRoot() && (*exitCode == 1 || *exitCode == 127)) {
        context_->rootAllowed = false;
        again_.start(0ms);
        return;
    }
    again_.start(kOpenAgainAfter);
    if (events_.closed)
        events_.closed(error);
}

} // namespace mha
