// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"

#include <QByteArray>
#include <QHash>
#include <QString>

namespace mha {

/// A file that keepalived.conf names as a program, as the node told.
struct ScriptFile {
    bool exists = false;
    bool executable = false;
    bool rootsAlone = false;
    bool callsDocker = false;
    bool startsContainer = false;
    bool stopsContainer = false;
};

/// What the text of keepalived.conf alone does not say.
struct ConfigSurroundings {
    QString configId;                 ///< what "@…" conditions are compared with: the host's name, or -i of keepalived
    QHash<QString, ScriptFile> files; ///< by path; one that is not here could not be looked at
    QHash<QString, bool> userMayDocker; ///< by user; one that is not here does not exist
    bool usersKnown = false;
};

/// The begin of what stands for a password in a text that the node has made harmless. No real password has this form:
/// PASS takes 8 characters.
inline constexpr QLatin1StringView kAuthMarkPrefix{"mha-mark:"};

/// Pure: what keepalived.conf says about the instance that carries `vipAddress` (keepalived.conf(5)). A password is
/// never read out, only such a mark. Definitions of one line are put in, conditions decided. Error: no instance has
/// that VIP, or the text is no keepalived.conf.
Result<VrrpConfigSeen> parseKeepalivedConfig(const QByteArray& text, const QString& vipAddress,
                                             const ConfigSurroundings& node = {});

} // namespace mha
