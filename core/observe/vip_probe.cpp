// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/vip_probe.h"

#include "observe/vip_asker.h"

namespace mha {

VipProbe::VipProbe(const Pair& pair, Sink sink, QObject* parent)
    : QObject(parent), asker_(new VipAsker(pair, std::move(sink))) {
    thread_.setObjectName(QStringLiteral("vip probe"));
    asker_->moveToThread(&thread_);
    connect(&thread_, &QThread::finished, asker_, &QObject::deleteLater);
    thread_.start();
}

VipProbe::~VipProbe() {
    thread_.quit();
    thread_.wait();
}

void VipProbe::start() {
    QMetaObject::invokeMethod(asker_, &VipAsker::begin, Qt::QueuedConnection);
}

void VipProbe::hint() {
    QMetaObject::invokeMethod(asker_, &VipAsker::hint, Qt::QueuedConnection);
}

} // namespace mha
