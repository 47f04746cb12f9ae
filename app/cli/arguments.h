// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>

namespace mha::cli {

enum class Command {
    Status,
    Watch,
    Events,
    Failovers,
    Switchover,
    Takeover,
    Drill,
    Lever,
    Maintenance,
    Report,
    Doctor,
    Version
};

/// What `lever` is asked to do.
enum class LeverTask { Show, Install, Remove };

enum class MaintenanceTask { Show, Begin, End };

/// The command line as a value. Texts are as given; what they mean is decided by the commands.
struct Arguments {
    Command command = Command::Status;

    QString pairFile; ///< empty: the only one in the configuration folder
    bool json = false;
    bool acceptNew = false;
    QString historyFile; ///< empty: History::defaultFileName()
    std::chrono::milliseconds timeout{5000};

    QString since;
    QString until;
    QString node;
    QString kind;
    QString severity;
    int limit = 100;

    std::optional<std::chrono::milliseconds> watchFor;
    QString recordFile;                ///< empty: nothing is recorded
    QString replayFile;                ///< empty: the nodes are watched
    std::optional<double> speed = 1.0; ///< nothing: as fast as it goes

    QString to;
    QString reason;
    QString at; ///< of a switchover: when; empty: now
    bool dryRun = false;
    bool yes = false;
    QStringList overrides; ///< codes of checks
    QString confirm;       ///< of a takeover: the node that the operator says is off
    LeverTask leverTask = LeverTask::Show;
    MaintenanceTask maintenanceTask = MaintenanceTask::Show;
    QString duration; ///< of maintenance: "2h"

    QString format;
    QString output;
};

/// What to do after parsing: run the arguments, or print a text (help, or what is wrong) and end.
struct Parsed {
    std::optional<Arguments> arguments;
    bool json = false; ///< as far as it can be told from a line that is wrong
    QString help;
    QString wrong;
};

/// Pure. `words` is the command line with the program's name first.
Parsed parseArguments(const QStringList& words);

} // namespace mha::cli
