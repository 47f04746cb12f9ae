// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/local_channel.h"

#include "link/ssh_errors.h"

#include <QFileInfo>
#include <QPointer>
#include <QStandardPaths>
#include <QTimer>

#include <algorithm>
#include <csignal>
#include <sys/socket.h>
#include <type_traits>
#include <unistd.h>
#include <utility>

namespace mha {

namespace {

constexpr qsizetype kErrorsKept = 2000;
/// From SIGTERM to SIGKILL for a process whose owner is gone.
constexpr std::chrono::seconds kGrace{2};

NodeConfig named(const QString& node) {
    NodeConfig config;
    config.name = node;
    return config;
}

/// The owner's end of a channel.
class Lent final : public ByteChannel {
public:
    explicit Lent(LocalChannel* channel) : channel_(channel) {}

    ~Lent() override {
        if (channel_)
            channel_->release();
    }

    void write(const QByteArray& bytes) override {
        if (channel_)
            channel_->write(bytes);
    }

    void finishWriting() override {
        if (channel_)
            channel_->finishWriting();
    }

private:
    QPointer<LocalChannel> channel_;
};

} // namespace

LocalChannel::LocalChannel(QString node, CommandHandlers handlers, QObject* parent)
    : QObject(parent), node_(std::move(node)), handlers_(std::make_shared<CommandHandlers>(std::move(handlers))) {}

std::unique_ptr<ByteChannel> LocalChannel::lend() {
    return std::make_unique<Lent>(this);
}

void LocalChannel::release() {
    handlers_.reset();
    shut();
}

void LocalChannel::linkEnded(const Error& error) {
    tellClosed(error);
    shut();
}

void LocalChannel::tellOpened() {
    if (const auto handlers = handlers_; handlers && handlers->opened)
        handlers->opened();
}

void LocalChannel::tellReceived(const QByteArray& bytes) {
    if (const auto handlers = handlers_; handlers && handlers->received && !bytes.isEmpty())
        handlers->received(bytes);
}

void LocalChannel::tellErrors(const QByteArray& bytes) {
    if (const auto handlers = handlers_; handlers && handlers->errors && !bytes.isEmpty()) {
        handlers->errors(bytes);
    } else {
        errors_ = (errors_ + bytes).last(std::min(errors_.size() + bytes.size(), kErrorsKept));
    }
}

void LocalChannel::tellClosed(const Error& error, std::optional<int> exitCode) {
    if (const auto handlers = std::exchange(handlers_, nullptr); handlers && handlers->closed)
        handlers->closed(error, exitCode);
}

LocalProcess::LocalProcess(const QString& node, const Command& command, bool userIsRoot, CommandHandlers handlers,
                           QObject* parent)
    : LocalChannel(node, std::move(handlers), parent) {
    QStringList argv = command.argv;
    if (command.asRoot && !userIsRoot)
        argv = QStringList{QStringLiteral("sudo"), QStringLiteral("-n"), QStringLiteral("--")} + argv;
    program_ = command.argv.value(0);
    process_.setChildProcessModifier([] {
        ::setpgid(0, 0);
        sigset_t none; // the link's thread blocks SIGPIPE
        sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
    });
    connect(&process_, &QProcess::started, this, [this] {
        group_ = process_.processId();
        tellOpened();
    });
    connect(&process_, &QProcess::readyReadStandardOutput, this,
            [this] { tellReceived(process_.readAllStandardOutput()); });
    connect(&process_, &QProcess::readyReadStandardError, this,
            [this] { tellErrors(process_.readAllStandardError()); });
    connect(&process_, &QProcess::finished, this, &LocalProcess::finished);
    connect(&process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            failedToStart();
    });
    const QString program = argv.isEmpty() ? QString() : argv.takeFirst();
    process_.start(program, argv);
}

LocalProcess::~LocalProcess() {
    process_.disconnect(this);
    if (process_.state() != QProcess::NotRunning) {
        signalGroup(SIGKILL);
        process_.waitForFinished(1000);
    }
}

void LocalProcess::write(const QByteArray& bytes) {
    process_.write(bytes);
}

void LocalProcess::finishWriting() {
    process_.closeWriteChannel();
}

void LocalProcess::failedToStart() {
    // As a shell has it: 127 not found, 126 not executable.
    const bool found = QFileInfo::exists(program_) || !QStandardPaths::findExecutable(program_).isEmpty();
    tellErrors((program_ + QStringLiteral(": ") + process_.errorString() + QLatin1Char('\n')).toUtf8());
    finished(found ? 126 : 127, QProcess::NormalExit);
}

void LocalProcess::finished(int code, QProcess::ExitStatus status) {
    tellReceived(process_.readAllStandardOutput());
    tellErrors(process_.readAllStandardError());
    const int exitCode = status == QProcess::CrashExit ? 128 + code : code; // on Unix `code` is then the signal
    tellClosed(ssh_errors::commandEnded(named(node_), program_, exitCode, QString::fromUtf8(errors_)), exitCode);
    deleteLater();
}

void LocalProcess::shut() {
    if (std::exchange(shutting_, true))
        return;
    if (process_.state() == QProcess::NotRunning) {
        deleteLater();
        return;
    }
    process_.closeWriteChannel();
    signalGroup(SIGTERM);
    QTimer::singleShot(kGrace, this, [this] { signalGroup(SIGKILL); });
}

void LocalProcess::signalGroup(int signal) {
    if (group_ != 0) {
        ::kill(static_cast<pid_t>(-group_), signal);
    } else {
        process_.kill();
    }
}

template <typename Socket>
LocalStream<Socket>::LocalStream(const QString& node, const QString& name, quint16 port, CommandHandlers handlers,
                                 QObject* parent)
    : LocalChannel(node, std::move(handlers), parent), name_(name), port_(port) {
    connect(&socket_, &Socket::connected, this, [this] {
        open_ = true;
        if (!early_.isEmpty())
            socket_.write(std::exchange(early_, {}));
        if (finishing_)
            halfClose();
        tellOpened();
    });
    connect(&socket_, &Socket::readyRead, this, [this] { tellReceived(socket_.readAll()); });
    connect(&socket_, &Socket::bytesWritten, this, [this] {
        if (finishing_)
            halfClose();
    });
    connect(&socket_, &Socket::disconnected, this, [this] {
        tellReceived(socket_.readAll());
        tellClosed(ssh_errors::streamEnded(named(node_), name_));
        deleteLater();
    });
    connect(&socket_, &Socket::errorOccurred, this, [this] {
        if (!open_)
            failed();
    });
    // From the event loop: the owner has the channel in hand when it is told of a refusal.
    QTimer::singleShot(0, &socket_, [this] {
        if constexpr (std::is_same_v<Socket, QLocalSocket>) {
            socket_.connectToServer(name_);
        } else {
            socket_.connectToHost(name_, port_);
        }
    });
}

template <typename Socket> void LocalStream<Socket>::write(const QByteArray& bytes) {
    if (finishing_)
        return;
    if (open_) {
        socket_.write(bytes);
    } else {
        early_ += bytes;
    }
}

template <typename Socket> void LocalStream<Socket>::finishWriting() {
    finishing_ = true;
    if (open_)
        halfClose();
}

template <typename Socket> void LocalStream<Socket>::halfClose() {
    if (socket_.bytesToWrite() == 0)
        ::shutdown(static_cast<int>(socket_.socketDescriptor()), SHUT_WR);
}

template <typename Socket> void LocalStream<Socket>::failed() {
    const QString detail = socket_.errorString();
    if constexpr (std::is_same_v<Socket, QLocalSocket>) {
        tellClosed(ssh_errors::localSocketRefused(named(node_), name_, detail));
    } else {
        tellClosed(ssh_errors::tcpRefused(named(node_), name_, port_, detail));
    }
    deleteLater();
}

template <typename Socket> void LocalStream<Socket>::shut() {
    socket_.disconnect(this);
    socket_.abort();
    deleteLater();
}

template class LocalStream<QLocalSocket>;
template class LocalStream<QTcpSocket>;

} // namespace mha
