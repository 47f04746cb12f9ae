// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/vip_probe.h"

#include "observe/vip_asker.h"

namespace mha {

VipProbe::VipProbe(const Pair& pair, Sink sink, QObject* parent) : QObject(parent) {
    thread_.setObjectName(QStringLiteral("vip probe"));
    auto* const asker = new VipAsker(pair, std::move(sink));
    asker->moveToThread(&thread_);
    connect(&thread_, &QThread::finished, asker, &QObject::deleteLater);
    connect(this, &VipProbe::started, asker, &VipAsker::begin);
    connect(this, &VipProbe::hinted, asker, &VipAsker::hint);
    thread_.start();
}

VipProbe::~VipProbe() {
    thread_.quit();
    thread_.wait();
}

void VipProbe::start() {
    Q_EMIT started(QPrivateSignal());
}

void VipProbe::hint() {
    Q_EMIT hinted(QPrivateSignal());
}

} // namespace mha
