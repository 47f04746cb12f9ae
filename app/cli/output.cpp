// SPDX-License-Identifier: GPL-3.0-or-later
#include "output.h"

#include "report/json.h"

#include <QJsonDocument>
#include <QtGlobal>

#include <cstdio>
#include <unistd.h>

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

void print(std::FILE* file, const QByteArray& bytes) {
    std::fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), file);
    std::fflush(file);
}

} // namespace

void printLine(const QString& line) {
    print(stdout, line.toUtf8() + '\n');
}

void printErrorLine(const QString& line) {
    print(stderr, line.toUtf8() + '\n');
}

void printError(const Error& error) {
    printErrorLine(u"milvus-ha: "_s + toSentence(error));
}

void printBytes(const QByteArray& bytes) {
    print(stdout, bytes);
}

void printJson(const QJsonObject& object) {
    print(stdout, QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n');
}

bool coloured() {
    return isatty(STDOUT_FILENO) == 1 && !qEnvironmentVariableIsSet("NO_COLOR");
}

QString shaded(const QString& text, Shade shade, bool colours) {
    static constexpr const char* kCodes[] = {"", "\033[32m", "\033[33m", "\033[1;31m", "\033[2m"};
    if (!colours || shade == Shade::Plain)
        return text;
    return QLatin1String(kCodes[static_cast<std::size_t>(shade)]) + text + u"\033[0m"_s;
}

QStringList alignColumns(const QList<QStringList>& rows) {
    QList<qsizetype> widths;
    for (const QStringList& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (qsizetype i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths.at(i), row.at(i).size());
    }
    QStringList lines;
    for (const QStringList& row : rows) {
        QString line;
        for (qsizetype i = 0; i < row.size(); ++i)
            line += i + 1 < row.size() ? row.at(i).leftJustified(widths.at(i) + 2) : row.at(i);
        lines += line;
    }
    return lines;
}

int fail(const Error& error, bool json, const Pair* pair) {
    if (json) {
        printJson({{u"error"_s, toJson(error, pair)}});
    } else {
        printError(error);
    }
    return exitCode(error.code);
}

} // namespace mha::cli
