// SPDX-License-Identifier: GPL-3.0-or-later
#include "keepalived/addresses_equal.h"

#include <QByteArray>

#include <arpa/inet.h>

namespace mha {

namespace {

QByteArray networkForm(const QString& text) {
    const QByteArray address = text.section(u'/', 0, 0).toLatin1();
    QByteArray bytes(16, '\0');
    if (inet_pton(AF_INET, address.constData(), bytes.data()) == 1)
        return bytes.first(4);
    return inet_pton(AF_INET6, address.constData(), bytes.data()) == 1 ? bytes : QByteArray();
}

} // namespace

bool sameAddress(const QString& one, const QString& other) {
    const QByteArray form = networkForm(one);
    return !form.isEmpty() && form == networkForm(other);
}

QString canonicalAddress(const QString& text) {
    const QByteArray form = networkForm(text);
    QByteArray buffer(INET6_ADDRSTRLEN, '\0');
    const int family = form.size() == 4 ? AF_INET : AF_INET6;
    if (form.isEmpty() || inet_ntop(family, form.constData(), buffer.data(), INET6_ADDRSTRLEN) == nullptr)
        return {};
    return QString::fromLatin1(buffer.constData());
}

} // namespace mha
