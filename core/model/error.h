// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaType>
#include <QString>

#include <expected>
#include <optional>

namespace mha {

/// What went wrong, in the terms that an exit code and a remedy hang on. The numbers are sysexits(3) where one fits.
enum class ErrorCode {
    Usage,          ///< wrong use of a command: 64
    BadPairFile,    ///< pair file missing, unreadable or wrong: 65
    Unreachable,    ///< a node, a socket or the VIP does not answer: 69
    TimedOut,       ///< answered once, but not within the deadline: 69
    Refused,        ///< key, host key or permission refused: 77
    HostKeyUnknown, ///< host key not in known_hosts: 77
    HostKeyChanged, ///< host key differs from known_hosts: 77
    NotFound,       ///< no such container, file or service: 69
    Protocol,       ///< an answer that cannot be understood: 69
    Storage,        ///< history or report file: 73
    Internal,       ///< a fault of ours: 70
};

/// An error as a value: `text` says what happened, `where` names the node, file or endpoint, `remedy` what to do now.
/// Both texts are sentences for an operator and hold no secret.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    QString text;
    QString where;
    QString remedy;

    bool operator==(const Error&) const = default;
};

template <typename T> using Result = std::expected<T, Error>;

/// The stable name of a code as printed in JSON, e.g. "host-key-changed".
QString errorCodeName(ErrorCode code);
std::optional<ErrorCode> errorCodeFromName(QStringView name);

/// The process exit code for an error: 64, 65, 69, 70, 73 or 77.
int exitCode(ErrorCode code);

/// "where: text remedy" in one line, for a terminal or a log.
QString toSentence(const Error& error);

} // namespace mha

Q_DECLARE_METATYPE(mha::Error)
