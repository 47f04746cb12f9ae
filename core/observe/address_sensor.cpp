// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/address_sensor.h"

#include <QPointer>

#include <utility>

namespace mha {

AddressSensor::AddressSensor(std::shared_ptr<SensorContext> context, std::function<void()> vipMoved, QObject* parent)
    : QObject(parent), context_(std::move(context)), vipMoved_(std::move(vipMoved)),
      parser_(context_->pair.vipAddress()), monitor_(context_, addressMonitorCommand(),
                                                     {.received =
                                                          [this](const QByteArray& bytes) {
                                                              for (const AddressChange& change : parser_.feed(bytes))
                                                                  changed(change);
                                                          },
                                                      .opened = [this] { look(); }, // what changed before it listened
                                                      .closed = {}},
                                                     this),
      reconcile_(this) {
    connect(&reconcile_, &QTimer::timeout, this, &AddressSensor::reconcile);
}

void AddressSensor::start() {
    stop();
    look();
    if (context_->streams) {
        parser_ = AddressMonitorParser(context_->pair.vipAddress());
        monitor_.open();
        reconcile_.start(kReconcileEvery);
    }
}

void AddressSensor::stop() {
    ++run_;
    looking_ = false;
    askedAgain_ = false;
    monitor_.close();
    reconcile_.stop();
    lookedAgo_.invalidate();
}

void AddressSensor::reconcile() {
    if (monitor_.isOpen() && last_ && !looking_ && lookedAgo_.isValid() &&
        !lookedAgo_.hasExpired(kTrustStreamFor.count())) {
        context_->tell(*last_);
    } else {
        look();
    }
}

void AddressSensor::look() {
    if (looking_) {
        changedMeanwhile_ = true;
        return;
    }
    looking_ = true;
    changedMeanwhile_ = false;
    context_->link->exec(addressesCommand(), kLookDeadline,
                         [this, alive = QPointer(this), run = run_](const Result<ExecResult>& result) {
                             if (!alive || run != run_)
                                 return;
                             looking_ = false;
                             if (changedMeanwhile_) {
                                 look();
                             } else {
                                 looked(result);
                             }
                         });
}

void AddressSensor::looked(const Result<ExecResult>& result) {
    lookedAgo_.invalidate();
    if (!result) {
        context_->tell(Unseen{Subject::Vip, result.error()});
        return;
    }
    if (result->exitCode == 127) {
        context_->tell(Unseen{Subject::Vip,
                              {ErrorCode::NotFound, QStringLiteral("The node has no `ip` command."),
                               QStringLiteral("ip -j addr"), QStringLiteral("Install iproute2 there.")}});
        return;
    }
    const Result<VipSeen> seen =
        parseAddresses(result->output, context_->pair.vipAddress(), context_->config().interface);
    if (!seen) {
        // An answer cut short says nothing about the VIP: once, it is asked for again before it counts as unseen.
        if (seen.error().code == ErrorCode::Protocol && !std::exchange(askedAgain_, true))
            return look();
        context_->tell(Unseen{Subject::Vip, seen.error()});
        return;
    }
    askedAgain_ = false;
    lookedAgo_.start();
    const bool moved = last_ && (last_->held != seen->held || last_->linkUp != seen->linkUp);
    last_ = *seen;
    linkInterface_ = context_->config().interface.isEmpty() ? seen->interface : context_->config().interface;
    context_->tell(*seen);
    if (moved)
        vipMoved_();
}

void AddressSensor::changed(const AddressChange& change) {
    changedMeanwhile_ = looking_;
    if (!last_)
        return; // the first look will tell
    VipSeen now = *last_;
    switch (change.what) {
    case AddressChange::What::VipAdded:
        now.held = true;
        if (change.interface != now.interface)
            now.mac.clear();
        now.interface = change.interface;
        break;
    case AddressChange::What::VipRemoved:
        if (change.interface != now.interface)
            return;
        now.held = false;
        now.interface = linkInterface_;
        break;
    case AddressChange::What::LinkUp:
    case AddressChange::What::LinkDown:
        if (change.interface != linkInterface_)
            return;
        now.linkUp = change.what == AddressChange::What::LinkUp;
        break;
    }
    if (now == *last_)
        return;
    last_ = now;
    now.changedAt = change.at;
    context_->tell(now);
    vipMoved_();
}

} // namespace mha
