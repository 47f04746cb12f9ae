// SPDX-License-Identifier: GPL-3.0-or-later
#include "prompts.h"

#include "output.h"
#include "stop_signal.h"

#include <QEventLoop>
#include <QSocketNotifier>

#include <cstdio>
#include <iostream>
#include <mutex>
#include <string>
#include <termios.h>
#include <unistd.h>

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

/// Turns the terminal's echo off for its lifetime.
class EchoOff {
public:
    EchoOff() {
        known_ = tcgetattr(STDIN_FILENO, &before_) == 0;
        if (!known_)
            return;
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }

    ~EchoOff() {
        if (known_)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }

    EchoOff(const EchoOff&) = delete;
    EchoOff& operator=(const EchoOff&) = delete;

private:
    termios before_{};
    bool known_ = false;
};

std::optional<QString> readLine() {
    std::string line;
    for (int c = std::getchar(); c != '\n'; c = std::getchar()) {
        if (c == EOF)
            return std::nullopt;
        line += static_cast<char>(c);
    }
    return QString::fromStdString(line);
}

std::optional<QString> askSecret(const QString& question) {
    static std::mutex oneQuestion; // both nodes' threads may ask at once
    const std::scoped_lock lock(oneQuestion);
    std::fputs(qPrintable(question), stderr);
    const EchoOff quiet;
    std::optional<QString> answer = readLine();
    std::fputs("\n", stderr);
    return answer;
}

} // namespace

bool interactive() {
    return isatty(STDIN_FILENO) == 1;
}

QString ask(StopSignal& stop, const QString& question) {
    std::cerr << question.toStdString() << std::flush;
    QEventLoop loop;
    QString answer;
    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&input, &QSocketNotifier::activated, &loop, [&] {
        std::string line;
        std::getline(std::cin, line);
        answer = QString::fromStdString(line).trimmed();
        loop.quit();
    });
    QObject::connect(&stop, &StopSignal::received, &loop, &QEventLoop::quit);
    loop.exec();
    return answer;
}

bool askYes(StopSignal& stop) {
    return ask(stop, u"Do it now? [yes/no] "_s).toLower() == u"yes";
}

SshPrompts terminalPrompts() {
    SshPrompts prompts;
    if (!interactive())
        return prompts;
    prompts.passphrase = [](const QString& node, const QString& identityFile) {
        return askSecret(u"Passphrase of %1 (for %2): "_s.arg(identityFile, node));
    };
    prompts.password = [](const QString& node, const QString& user) {
        return askSecret(u"Password of %1 on %2: "_s.arg(user, node));
    };
    return prompts;
}

} // namespace mha::cli
