// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/ssh_errors.h"

#include <cerrno>
#include <cstring>

namespace mha::ssh_errors {

namespace {

QString nameOf(const NodeConfig& node) {
    return node.name.isEmpty() ? node.host : node.name;
}

QString login(const NodeConfig& node) {
    return node.user + QLatin1Char('@') + node.host;
}

QString portOption(const NodeConfig& node) {
    return node.port == 22 ? QString() : QStringLiteral("-p %1 ").arg(node.port);
}

/// As known_hosts names it: plain for port 22, else "[host]:port".
QString knownHostsName(const NodeConfig& node) {
    return node.port == 22 ? node.host : QStringLiteral("[%1]:%2").arg(node.host).arg(node.port);
}

QString seconds(std::chrono::milliseconds time) {
    return QString::number(static_cast<double>(time.count()) / 1000.0, 'g', 3) + QStringLiteral(" s");
}

constexpr qsizetype kMebibyte = 1048576;

Error make(ErrorCode code, const NodeConfig& node, const QString& text, const QString& remedy) {
    return {.code = code, .text = text, .where = nameOf(node), .remedy = remedy};
}

} // namespace

Error nameNotResolved(const NodeConfig& node, const QString& detail) {
    return make(ErrorCode::Unreachable, node,
                QStringLiteral("The host name \"%1\" cannot be resolved (%2).").arg(node.host, detail),
                QStringLiteral("Check the spelling of the host in the pair file, or put its address there."));
}

Error notConnected(const NodeConfig& node, int errnoValue) {
    const QString there = QStringLiteral("%1 port %2").arg(node.host).arg(node.port);
    switch (errnoValue) {
    case ECONNREFUSED:
        return make(
            ErrorCode::Unreachable, node, QStringLiteral("Connection refused: nothing listens on %1.").arg(there),
            QStringLiteral("Check that sshd runs on the server (systemctl status ssh) and that the port is right."));
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EHOSTDOWN:
        return make(ErrorCode::Unreachable, node,
                    QStringLiteral("There is no way to %1: no route or host down.").arg(there),
                    QStringLiteral("Check that the server is on and that this computer is on its network."));
    case EACCES:
    case EPERM:
        return make(ErrorCode::Unreachable, node,
                    QStringLiteral("This computer does not allow the connection to %1.").arg(there),
                    QStringLiteral("Check this computer's own firewall."));
    case ETIMEDOUT:
        return make(ErrorCode::Unreachable, node, QStringLiteral("%1 does not answer.").arg(there),
                    QStringLiteral("Check that the server is on and that no firewall drops the port."));
    default:
        return make(
            ErrorCode::Unreachable, node,
            QStringLiteral("Connecting to %1 failed: %2.").arg(there, QString::fromLocal8Bit(strerror(errnoValue))),
            QStringLiteral("Check the server and the network between."));
    }
}

Error noAnswer(const NodeConfig& node, const QString& during, std::chrono::milliseconds waited) {
    return make(ErrorCode::TimedOut, node,
                QStringLiteral("No answer from %1 port %2 within %3 while %4.")
                    .arg(node.host)
                    .arg(node.port)
                    .arg(seconds(waited), during),
                QStringLiteral("Check that the server is on and not overloaded, and that no firewall drops port %1.")
                    .arg(node.port));
}

Error silentWhile(const NodeConfig& node, const QString& during, std::chrono::milliseconds waited) {
    return make(ErrorCode::TimedOut, node,
                QStringLiteral("%1 port %2 accepts the connection, but said nothing for %3 while %4.")
                    .arg(node.host)
                    .arg(node.port)
                    .arg(seconds(waited), during),
                QStringLiteral("Check that the port is that of an SSH server, and that the server is not frozen or "
                               "overloaded. The network between is open."));
}

Error handshakeFailed(const NodeConfig& node, const QString& detail) {
    return make(
        ErrorCode::Unreachable, node,
        QStringLiteral("The SSH handshake with %1 port %2 failed: %3.").arg(node.host).arg(node.port).arg(detail),
        QStringLiteral("Check that the port is that of an SSH server, and look into the server's log "
                       "(journalctl -u ssh)."));
}

Error hostKeyUnknown(const NodeConfig& node, const QString& fingerprint) {
    return make(
        ErrorCode::HostKeyUnknown, node,
        QStringLiteral("The host key of %1 is not known: %2.").arg(knownHostsName(node), fingerprint),
        QStringLiteral("Compare the fingerprint with the server's (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub "
                       "on its console), then accept it with --accept-new, or add it with ssh-keyscan %1%2.")
            .arg(portOption(node), node.host));
}

Error knownHostsUnreadable(const NodeConfig& node, const QString& knownHosts, const QString& detail) {
    return make(ErrorCode::HostKeyUnknown, node,
                QStringLiteral("The list of known host keys %1 cannot be read: %2.").arg(knownHosts, detail),
                QStringLiteral("Correct `known_hosts` in the pair file, or make the file readable for you."));
}

Error hostKeyDeclined(const NodeConfig& node, const QString& fingerprint) {
    return make(ErrorCode::HostKeyUnknown, node,
                QStringLiteral("The host key of %1 was not accepted: %2.").arg(knownHostsName(node), fingerprint),
                QStringLiteral("Compare the fingerprint with the server's, then connect again and accept it."));
}

Error hostKeyChanged(const NodeConfig& node, const QString& fingerprint, const QStringList& known,
                     const QString& knownHosts) {
    const QString expected = known.isEmpty() ? QStringLiteral("another key") : known.join(QStringLiteral(" or "));
    return make(
        ErrorCode::HostKeyChanged, node,
        QStringLiteral("The host key of %1 has changed: it shows %2, but %3 is known. Someone may be listening in.")
            .arg(knownHostsName(node), fingerprint, expected),
        QStringLiteral("Ask the server's administrator whether its key was changed. Only if so, forget the old "
                       "key with: ssh-keygen -f \"%1\" -R \"%2\".")
            .arg(knownHosts, knownHostsName(node)));
}

Error hostKeyNotSaved(const NodeConfig& node, const QString& knownHosts, const QString& detail) {
    return make(ErrorCode::Refused, node,
                QStringLiteral("The accepted host key cannot be written to %1: %2.").arg(knownHosts, detail),
                QStringLiteral("Make the file and its folder writable for you."));
}

Error keyFileMissing(const NodeConfig& node, const QString& file) {
    return make(
        ErrorCode::Refused, node, QStringLiteral("The key file %1 does not exist.").arg(file),
        QStringLiteral("Correct `identity` in the pair file, or make a key with ssh-keygen -t ed25519 -f \"%1\" and "
                       "install it with ssh-copy-id.")
            .arg(file));
}

Error keyFileUnreadable(const NodeConfig& node, const QString& file) {
    return make(ErrorCode::Refused, node, QStringLiteral("The key file %1 cannot be read by you.").arg(file),
                QStringLiteral("Make it yours and private: chown \"$USER\" \"%1\" && chmod 600 \"%1\".").arg(file));
}

Error keyFileFolder(const NodeConfig& node, const QString& file) {
    return make(ErrorCode::Refused, node, QStringLiteral("%1 is a folder, not a key file.").arg(file),
                QStringLiteral("Name the private key in it as `identity`."));
}

Error keyFileUnusable(const NodeConfig& node, const QString& file) {
    return make(ErrorCode::Refused, node, QStringLiteral("The file %1 is not a private key.").arg(file),
                QStringLiteral("Name the private key (not the .pub file) as `identity`."));
}

Error passphraseNeeded(const NodeConfig& node, const QString& file) {
    return make(ErrorCode::Refused, node,
                QStringLiteral("The key file %1 needs a passphrase, and none was given.").arg(file),
                QStringLiteral("Load the key into the agent first (ssh-add \"%1\"), or give its passphrase when asked.")
                    .arg(file));
}

Error passphraseWrong(const NodeConfig& node, const QString& file) {
    return make(ErrorCode::Refused, node, QStringLiteral("The passphrase does not open the key file %1.").arg(file),
                QStringLiteral("Try again, or load the key into the agent (ssh-add \"%1\").").arg(file));
}

Error notAccepted(const NodeConfig& node, const QStringList& accepted, const QStringList& tried) {
    const QString server =
        accepted.isEmpty() ? QStringLiteral("no method we know") : accepted.join(QStringLiteral(", "));
    const QString ours =
        tried.isEmpty() ? QStringLiteral("there was nothing to try") : tried.join(QStringLiteral(", "));
    return make(
        ErrorCode::Refused, node,
        QStringLiteral("%1 was refused. The server takes: %2. Tried: %3.").arg(login(node), server, ours),
        node.identity.isEmpty()
            ? QStringLiteral("Load the right key into the agent (ssh-add), or name it as `identity` in the pair file.")
            : QStringLiteral("Install the key on the server: ssh-copy-id -i \"%1\" %2%3.")
                  .arg(node.identity, portOption(node), login(node)));
}

Error tooManyKeys(const NodeConfig& node) {
    return make(
        ErrorCode::Refused, node,
        QStringLiteral("%1 was refused: the agent offers more keys than the server lets one try.").arg(login(node)),
        QStringLiteral("Name the right key as `identity` in the pair file, or remove others with ssh-add -d."));
}

Error noCommands(const NodeConfig& node, const QString& detail) {
    return make(ErrorCode::Refused, node,
                QStringLiteral("%1 may sign in but not run commands%2.")
                    .arg(login(node), detail.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(detail)),
                QStringLiteral("Give the user an ordinary login shell, and the key no forced command."));
}

Error lost(const NodeConfig& node, const QString& detail) {
    return make(
        ErrorCode::Unreachable, node,
        QStringLiteral("The connection to %1 was lost%2.")
            .arg(node.host, detail.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(detail)),
        QStringLiteral("It is opened anew by itself; if it does not come back, check the server and its sshd."));
}

Error frozen(const NodeConfig& node, std::chrono::milliseconds silent) {
    return make(ErrorCode::TimedOut, node,
                QStringLiteral("%1 has not answered for %2.").arg(node.host, seconds(silent)),
                QStringLiteral("The server hangs, is off, or is cut from the network: look at its console."));
}

Error stopped(const NodeConfig& node) {
    return make(ErrorCode::Unreachable, node, QStringLiteral("The connection was closed by this program."),
                QStringLiteral("Connect again."));
}

Error notUp(const NodeConfig& node, const std::optional<Error>& because) {
    if (because)
        return *because;
    return make(ErrorCode::Unreachable, node, QStringLiteral("There is no connection to %1 yet.").arg(node.host),
                QStringLiteral("Wait until it is up."));
}

Error unixRefused(const NodeConfig& node, const QString& path, const QString& detail) {
    return make(
        ErrorCode::Refused, node, QStringLiteral("The socket %1 cannot be opened over SSH (%2).").arg(path, detail),
        QStringLiteral("Check that its service runs, that %1 may use the socket, and that sshd allows forwarding "
                       "(AllowStreamLocalForwarding, DisableForwarding, `restrict` in authorized_keys).")
            .arg(node.user));
}

Error tcpRefused(const NodeConfig& node, const QString& host, quint16 port, const QString& detail) {
    const QString there = QStringLiteral("%1 port %2").arg(host).arg(port);
    if (detail.contains(QLatin1String("Connection refused"))) {
        return make(ErrorCode::NotFound, node, QStringLiteral("Nothing listens on %1.").arg(there),
                    QStringLiteral("Check that the service runs there."));
    }
    if (detail.contains(QLatin1String("error (1)"))) {
        return make(ErrorCode::Refused, node, QStringLiteral("sshd does not allow a connection to %1.").arg(there),
                    QStringLiteral("Allow it in sshd_config (AllowTcpForwarding, PermitOpen) and in authorized_keys."));
    }
    return make(ErrorCode::Unreachable, node,
                QStringLiteral("%1 cannot be reached from the node (%2).").arg(there, detail),
                QStringLiteral("Check the service, the node's firewall and, on the node, sshd's AllowTcpForwarding."));
}

Error commandRefused(const NodeConfig& node, const QString& program, const QString& detail) {
    return make(ErrorCode::Refused, node, QStringLiteral("sshd does not run \"%1\" (%2).").arg(program, detail),
                QStringLiteral("Check MaxSessions in sshd_config and the restrictions in authorized_keys."));
}

Error commandTimedOut(const NodeConfig& node, const QString& program, std::chrono::milliseconds deadline) {
    return make(ErrorCode::TimedOut, node,
                QStringLiteral("\"%1\" did not end within %2.").arg(program, seconds(deadline)),
                QStringLiteral("Check the load of the server and of what the command asks."));
}

Error commandEnded(const NodeConfig& node, const QString& program, std::optional<int> exitCode, const QString& said) {
    const QString words = said.simplified();
    QString text = exitCode ? QStringLiteral("\"%1\" ended with exit code %2").arg(program).arg(*exitCode)
                            : QStringLiteral("\"%1\" ended without an exit code").arg(program);
    text += words.isEmpty() ? QStringLiteral(".") : QStringLiteral(": %1").arg(words);
    return make(ErrorCode::Unreachable, node, text, QStringLiteral("Try the command on the node."));
}

Error streamEnded(const NodeConfig& node, const QString& name) {
    return make(ErrorCode::Unreachable, node, QStringLiteral("%1 was closed by the other side.").arg(name),
                QStringLiteral("Look at the service's log on the node."));
}

Error localSocketRefused(const NodeConfig& node, const QString& path, const QString& detail) {
    return make(ErrorCode::Refused, node, QStringLiteral("The socket %1 cannot be opened (%2).").arg(path, detail),
                QStringLiteral("Check that its service runs and that you may use the socket."));
}

Error tooMuchOutput(const NodeConfig& node, const QString& program, qsizetype limit) {
    return make(ErrorCode::Protocol, node,
                QStringLiteral("\"%1\" printed more than %2 MiB.").arg(program).arg(limit / kMebibyte),
                QStringLiteral("Look at what the command prints on the node."));
}

} // namespace mha::ssh_errors
