// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QProcess>
#include <QStringList>

#include <sched.h>
#include <unistd.h>

namespace mha {

/// Moves this test program into a network of its own, where it may do everything and harm nothing: an empty namespace,
/// as root of it also where the caller is not root. To be called before there is a second thread. Empty: done; else
/// why not, for QSKIP.
inline QByteArray enterOwnNetwork() {
    const auto writes = [](const char* name, const QByteArray& text) {
        QFile file(QString::fromLatin1(name));
        return file.open(QIODevice::WriteOnly | QIODevice::Unbuffered) && file.write(text) == text.size();
    };
    const bool root = ::geteuid() == 0;
    const QByteArray uid = QByteArray::number(::geteuid());
    const QByteArray gid = QByteArray::number(::getegid());
    if (::unshare(root ? CLONE_NEWNET : CLONE_NEWNET | CLONE_NEWUSER) != 0)
        return "no network namespace can be made here (it needs root or user namespaces)";
    if (!root && !(writes("/proc/self/setgroups", "deny") && writes("/proc/self/uid_map", "0 " + uid + " 1") &&
                   writes("/proc/self/gid_map", "0 " + gid + " 1")))
        return "root of an own user namespace cannot be had here";
    return {};
}

/// `ip ARGUMENTS`; true where it did it.
inline bool ip(const QString& arguments) {
    return QProcess::execute(QStringLiteral("ip"), arguments.split(u' ')) == 0;
}

} // namespace mha
