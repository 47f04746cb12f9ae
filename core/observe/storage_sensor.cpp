// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/storage_sensor.h"

#include <QPointer>

#include <utility>

namespace mha {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// A look takes up to a second, and the next is asked for at the next beat.
constexpr std::chrono::milliseconds kSilentAfter = kBeatEvery + 1300ms;

} // namespace

StorageSensor::StorageSensor(std::shared_ptr<SensorContext> context, QObject* parent)
    : QObject(parent), context_(std::move(context)), parser_(context_->pair.storagePath),
      stream_(context_, storageCommand(context_->pair.storagePath, true),
              {.received = [this](const QByteArray& bytes) { received(bytes); },
               .opened = [this] { looking_ = true; },
               .closed = [this](const Error& error) { context_->tell(Unseen{Subject::Storage, error}); }},
              this),
      silence_(this) {
    connect(&silence_, &QTimer::timeout, this, [this] {
        context_->tell(Unseen{Subject::Storage,
                              {ErrorCode::TimedOut,
                               u"The look at the storage %1 hangs on the node."_s.arg(context_->pair.storagePath),
                               context_->pair.storagePath, u"Check the storage device and the network to it."_s}});
    });
}

void StorageSensor::start() {
    stop();
    if (context_->pair.storagePath.isEmpty())
        return;
    parser_ = StorageParser(context_->pair.storagePath);
    if (!context_->streams) {
        lookOnce();
        return;
    }
    stream_.open();
    silence_.start(kSilentAfter);
}

void StorageSensor::stop() {
    ++run_;
    stream_.close();
    silence_.stop();
}

void StorageSensor::beat() {
    if (stream_.isOpen() && !std::exchange(looking_, true))
        stream_.write("\n");
}

void StorageSensor::lookOnce() {
    execAsRoot(context_, storageCommand(context_->pair.storagePath, false), kLookDeadline,
               [this, alive = QPointer(this), run = run_](const Result<ExecResult>& result) {
                   if (!alive || run != run_)
                       return;
                   if (result) {
                       received(result->output + "end\n"); // also where the command said nothing
                   } else {
                       context_->tell(Unseen{Subject::Storage, result.error()});
                   }
               });
}

void StorageSensor::received(const QByteArray& bytes) {
    const QList<Result<StorageSeen>> looks = parser_.feed(bytes);
    if (looks.isEmpty())
        return;
    looking_ = false;
    const Result<StorageSeen>& look = looks.first();
    const Result<StorageSeen>& newest = context_->streams ? looks.last() : look;
    if (newest) {
        context_->tell(*newest);
    } else {
        context_->tell(Unseen{Subject::Storage, newest.error()});
    }
    if (context_->streams)
        silence_.start(kSilentAfter);
}

} // namespace mha
