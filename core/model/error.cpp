// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/error.h"

namespace mha {

namespace {

struct CodeRow {
    ErrorCode code;
    const char* name;
    int exitCode;
};

constexpr CodeRow kCodes[] = {
    {ErrorCode::Usage, "usage", 64},
    {ErrorCode::BadPairFile, "bad-pair-file", 65},
    {ErrorCode::Unreachable, "unreachable", 69},
    {ErrorCode::TimedOut, "timed-out", 69},
    {ErrorCode::Refused, "refused", 77},
    {ErrorCode::HostKeyUnknown, "host-key-unknown", 77},
    {ErrorCode::HostKeyChanged, "host-key-changed", 77},
    {ErrorCode::NotFound, "not-found", 69},
    {ErrorCode::Protocol, "protocol", 69},
    {ErrorCode::Storage, "storage", 73},
    {ErrorCode::Internal, "internal", 70},
};

const CodeRow& rowOf(ErrorCode code) {
    for (const CodeRow& row : kCodes) {
        if (row.code == code)
            return row;
    }
    return kCodes[std::size(kCodes) - 1];
}

} // namespace

QString errorCodeName(ErrorCode code) {
    return QString::fromLatin1(rowOf(code).name);
}

std::optional<ErrorCode> errorCodeFromName(QStringView name) {
    for (const CodeRow& row : kCodes) {
        if (name == QLatin1String(row.name))
            return row.code;
    }
    return std::nullopt;
}

int exitCode(ErrorCode code) {
    return rowOf(code).exitCode;
}

QString toSentence(const Error& error) {
    QString sentence = error.where.isEmpty() ? error.text : error.where + QStringLiteral(": ") + error.text;
    if (!error.remedy.isEmpty())
        sentence += QLatin1Char(' ') + error.remedy;
    return sentence;
}

} // namespace mha
