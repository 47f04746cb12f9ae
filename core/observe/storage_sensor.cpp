// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/storage_sensor.h"

#include <QPointer>

#include <utility>

namespace mha {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds kLookTakes{1300}; // at most
/// Where the changes of the mounts are told at once, each so many beats is asked.
constexpr int kCalmBeats = 2;
/// A host of many containers changes its mounts all the time; each look after a change starts processes.
constexpr qint64 kChangesApartMs = 1000;

} // namespace

StorageSensor::StorageSensor(std::shared_ptr<SensorContext> context, QObject* parent)
    : QObject(parent), context_(std::move(context)), parser_(context_->pair.storagePath),
      stream_(context_, storageCommand(context_->pair.storagePath, true),
              {.received = [this](const QByteArray& bytes) { received(bytes); },
               .opened = [this] { looking_ = true; },
               .closed = [this](const Error& error) { context_->tell(Unseen{Subject::Storage, error}); }},
              this),
      mounts_(context_, mountChangesCommand(),
              {.received = [this](const QByteArray&) { mountsChanged(); }, .opened = {}, .closed = {}}, this),
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
    mounts_.open();
    awaitLook();
}

void StorageSensor::stop() {
    ++run_;
    stream_.close();
    mounts_.close();
    silence_.stop();
    looking_ = due_ = false;
}

void StorageSensor::beat() {
    if (due_ || !mounts_.isOpen() || ++beats_ % kCalmBeats == 0)
        ask();
}

void StorageSensor::ask() {
    if (!stream_.isOpen() || looking_)
        return;
    due_ = false;
    looking_ = true;
    askedAgo_.start();
    stream_.write("\n");
}

void StorageSensor::mountsChanged() {
    due_ = true; // the look under way may be older than the change
    if (!askedAgo_.isValid() || askedAgo_.hasExpired(kChangesApartMs))
        ask();
}

void StorageSensor::awaitLook() {
    silence_.start(kBeatEvery * (mounts_.isOpen() ? kCalmBeats : 1) + kLookTakes);
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
        awaitLook();
}

} // namespace mha
