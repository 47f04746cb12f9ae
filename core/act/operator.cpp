// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/operator.h"

#include <QSysInfo>

#include <pwd.h>
#include <unistd.h>

namespace mha {

QString thisOperator() {
    // Only sudo's own word counts: whoever is root may say what he likes anyway.
    QString user = getuid() == 0 ? qEnvironmentVariable("SUDO_USER") : QString();
    const passwd* account = getpwuid(getuid());
    if (user.isEmpty())
        user = account != nullptr ? QString::fromLocal8Bit(account->pw_name) : QString::number(getuid());
    return user + QLatin1Char('@') + QSysInfo::machineHostName();
}

} // namespace mha
