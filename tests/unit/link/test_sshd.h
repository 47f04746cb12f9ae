// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/ssh_link.h"

#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace mha::test {

/// A real sshd on a loopback port for one test program, as a child process in a mount namespace of its own: the machine
/// needs no openssh-server, no user and no file for it. Its binary is named by MHA_TEST_SSHD, else taken from the lab's
/// root layer. Needs root.
class TestSshd {
public:
    struct Setup {
        QStringList config;        ///< lines in addition
        QString password;          ///< of `tester`; empty: passwords are not taken
        bool keyboardOnly = false; ///< the password by keyboard-interactive only
    };

    TestSshd();
    ~TestSshd();

    /// Empty, or why no sshd can be run here.
    static QString missing();

    /// Starts it, on the same port as before when it ran already.
    bool start(const Setup& setup);

    bool start() { return start(Setup()); }

    /// Ends it and all its sessions.
    void stop();
    QByteArray log() const;

    /// A node that can sign in with `key()` (as root, tester, or nologin), and options that know its host key.
    NodeConfig node(const QString& user = QStringLiteral("root")) const;
    SshOptions options() const;

    quint16 port() const { return port_; }

    QString path(const QString& name) const { return folder_.filePath(name); }

    QString key() const { return path(QStringLiteral("client")); }

    /// Makes a key pair with ssh-keygen; may it sign in?
    bool makeKey(const QString& name, const QString& passphrase, bool authorized);
    /// Lets the key pair sign in, as every user.
    bool authorize(const QString& name);
    /// A line for known_hosts: this server under another key, or this one's own.
    QByteArray knownHostsLine(const QString& hostKeyName) const;
    bool writeFile(const QString& name, const QByteArray& bytes) const;

    /// The processes that serve sessions (children, and their children).
    QList<qint64> sessionProcesses() const;
    void signalSessions(int signal) const;
    /// The process that takes new connections.
    void signalServer(int signal) const;

private:
    QTemporaryDir folder_;
    std::unique_ptr<QProcess> process_;
    quint16 port_ = 0;
};

} // namespace mha::test
