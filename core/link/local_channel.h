// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/command_queue.h"
#include "link/link.h"

#include <QLocalSocket>
#include <QObject>
#include <QProcess>
#include <QTcpSocket>

#include <memory>
#include <optional>

namespace mha {

/// One process or socket of a LocalLink. Its owner holds a ByteChannel to it and may drop that at any time, inside a
/// handler, too; the object itself belongs to the link's worker (its QObject parent) and deletes itself at its end.
class LocalChannel : public QObject {
    Q_OBJECT

public:
    LocalChannel(QString node, CommandHandlers handlers, QObject* parent);
    /// Its owner's end.
    std::unique_ptr<ByteChannel> lend();

    virtual void write(const QByteArray& bytes) = 0;
    virtual void finishWriting() = 0;
    /// The owner is gone: no handler is called any more.
    void release();
    /// The link ends.
    void linkEnded(const Error& error);

protected:
    void tellOpened();
    void tellReceived(const QByteArray& bytes);
    void tellErrors(const QByteArray& bytes);
    /// The handlers' last call.
    void tellClosed(const Error& error, std::optional<int> exitCode = {});
    /// Closes what is open; ends with deleteLater().
    virtual void shut() = 0;

    QString node_;
    QByteArray errors_; ///< the end of standard error, where nobody takes it

private:
    std::shared_ptr<CommandHandlers> handlers_; ///< shared: one may release the channel while it runs
};

/// A child process in a process group of its own, so that what it starts can be ended with it.
class LocalProcess final : public LocalChannel {
    Q_OBJECT

public:
    LocalProcess(const QString& node, const Command& command, bool userIsRoot, CommandHandlers handlers,
                 QObject* parent);
    ~LocalProcess() override;
    void write(const QByteArray& bytes) override;
    void finishWriting() override;

private:
    void shut() override;
    void failedToStart();
    void finished(int code, QProcess::ExitStatus status);
    void signalGroup(int signal);

    QString program_;
    QProcess process_;
    qint64 group_ = 0; ///< 0: not started yet
    bool shutting_ = false;
};

/// A connection; Socket is QLocalSocket or QTcpSocket.
template <typename Socket> class LocalStream final : public LocalChannel {
public:
    /// `name`: path or host.
    LocalStream(const QString& node, const QString& name, quint16 port, CommandHandlers handlers, QObject* parent);
    void write(const QByteArray& bytes) override;
    void finishWriting() override;

private:
    void shut() override;
    void failed();
    void halfClose();

    QString name_;
    quint16 port_;
    Socket socket_;
    QByteArray early_; ///< written before it was open
    bool open_ = false;
    bool finishing_ = false;
};

extern template class LocalStream<QLocalSocket>;
extern template class LocalStream<QTcpSocket>;

} // namespace mha
