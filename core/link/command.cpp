// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/command.h"

#include "link/link.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace mha {

namespace {

bool isPlain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           QByteArrayView("_-./:,+@%").contains(c);
}

/// A word that the shell reads back as it is. Within single quotes only the single quote itself is special (POSIX
/// XCU 2.2.2); it is closed, escaped and opened again. "=" is quoted, or the first word would be an assignment.
QByteArray quoted(QByteArrayView word) {
    if (!word.empty() && std::ranges::all_of(word, isPlain))
        return word.toByteArray();
    QByteArray result = "'";
    for (const char c : word) {
        if (c == '\'') {
            result += "'\\''";
        } else if (c != '\0') { // cannot be in an argument; left out rather than ending the line early
            result += c;
        }
    }
    return result + '\'';
}

} // namespace

Command scriptCommand(const char* constantScript, const QStringList& arguments, bool asRoot) {
    return {.argv = QStringList{QStringLiteral("sh"), QStringLiteral("-c"), QString::fromUtf8(constantScript),
                                QStringLiteral("mha")} +
                    arguments,
            .asRoot = asRoot,
            .input = {}};
}

QByteArray toShellLine(const Command& command, bool userIsRoot) {
    QByteArray line;
    if (command.asRoot && !userIsRoot)
        line = "sudo -n --";
    for (const QString& word : command.argv) {
        if (!line.isEmpty())
            line += ' ';
        line += quoted(word.toUtf8());
    }
    return line;
}

Result<ExecResult> execAndWait(Link& link, const Command& command, std::chrono::milliseconds deadline) {
    struct Slot {
        std::mutex mutex;
        std::condition_variable arrived;
        std::optional<Result<ExecResult>> result;
    };

    const auto slot = std::make_shared<Slot>(); // outlives this call where the answer comes too late
    link.exec(command, deadline, [slot](Result<ExecResult> result) {
        {
            const std::scoped_lock lock(slot->mutex);
            slot->result = std::move(result);
        }
        slot->arrived.notify_one();
    });
    // The link keeps the deadline; the margin is for a link whose thread is held up.
    constexpr std::chrono::milliseconds kMargin{2000};
    std::unique_lock lock(slot->mutex);
    if (!slot->arrived.wait_for(lock, deadline + kMargin, [&] { return slot->result.has_value(); })) {
        return std::unexpected(Error{
            .code = ErrorCode::TimedOut,
            .text = QStringLiteral("The command was not answered within %1 ms.").arg(deadline.count()),
            .where = command.argv.value(0),
            .remedy = QStringLiteral("Check that the node answers, then try again."),
        });
    }
    return *std::move(slot->result);
}

} // namespace mha
