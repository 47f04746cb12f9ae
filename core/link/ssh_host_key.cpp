// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/ssh_host_key.h"

#include "link/ssh_errors.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <memory>

namespace mha {

namespace {

struct KeyDeleter {
    void operator()(ssh_key key) const { ssh_key_free(key); }
};

using Key = std::unique_ptr<ssh_key_struct, KeyDeleter>;

QString fingerprintOf(ssh_key key) {
    unsigned char* hash = nullptr;
    size_t length = 0;
    if (key == nullptr || ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &length) != 0)
        return {};
    char* const text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, length);
    ssh_clean_pubkey_hash(&hash);
    const QString result = QString::fromLatin1(text);
    ssh_string_free_char(text);
    return result;
}

/// Fingerprints that known_hosts has for this server, which libssh does not tell for a key that differs.
QStringList knownFingerprints(const NodeConfig& node, const QString& fileName) {
    QFile file(fileName);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray host = node.port == 22
                                ? node.host.toLower().toUtf8()
                                : QStringLiteral("[%1]:%2").arg(node.host.toLower()).arg(node.port).toUtf8();
    QStringList found;
    while (!file.atEnd()) {
        const QByteArray line = file.readLine().trimmed();
        ssh_knownhosts_entry* entry = nullptr;
        if (line.isEmpty() || line.startsWith('#') ||
            ssh_known_hosts_parse_line(host.constData(), line.constData(), &entry) != SSH_OK || entry == nullptr)
            continue;
        found += fingerprintOf(entry->publickey);
        ssh_knownhosts_entry_free(entry);
    }
    found.removeDuplicates();
    return found;
}

Result<void> acceptNew(ssh_session session, const NodeConfig& node, const SshOptions& options) {
    if (ssh_session_update_known_hosts(session) == SSH_OK)
        return {};
    return std::unexpected(
        ssh_errors::hostKeyNotSaved(node, knownHostsFile(options), QString::fromUtf8(ssh_get_error(session))));
}

} // namespace

QString expandHome(const QString& path) {
    if (path == QLatin1String("~") || path.startsWith(QLatin1String("~/")))
        return QDir::homePath() + path.mid(1);
    return path;
}

QString knownHostsFile(const SshOptions& options) {
    return options.knownHosts.isEmpty() ? QDir::homePath() + QStringLiteral("/.ssh/known_hosts")
                                        : expandHome(options.knownHosts);
}

QString hostKeyFingerprint(ssh_session session) {
    ssh_key raw = nullptr;
    if (ssh_get_server_publickey(session, &raw) != SSH_OK)
        return {};
    const Key key(raw);
    return fingerprintOf(key.get());
}

Result<void> verifyHostKey(ssh_session session, const NodeConfig& node, const SshOptions& options) {
    // libssh takes a file that it cannot read for an empty one, and would have each key asked for anew.
    QFile file(knownHostsFile(options));
    if (file.exists() && !file.open(QIODevice::ReadOnly)) {
        const bool folder = QFileInfo(file).isDir();
        return std::unexpected(ssh_errors::knownHostsUnreadable(
            node, file.fileName(), folder ? QStringLiteral("it is a folder") : file.errorString()));
    }
    const QString fingerprint = hostKeyFingerprint(session);
    switch (ssh_session_is_known_server(session)) {
    case SSH_KNOWN_HOSTS_OK:
        return {};
    case SSH_KNOWN_HOSTS_CHANGED:
    case SSH_KNOWN_HOSTS_OTHER:
        return std::unexpected(ssh_errors::hostKeyChanged(
            node, fingerprint, knownFingerprints(node, knownHostsFile(options)), knownHostsFile(options)));
    case SSH_KNOWN_HOSTS_UNKNOWN:
    case SSH_KNOWN_HOSTS_NOT_FOUND:
        break;
    case SSH_KNOWN_HOSTS_ERROR:
        return std::unexpected(ssh_errors::handshakeFailed(node, QString::fromUtf8(ssh_get_error(session))));
    }
    switch (options.hostKeys) {
    case HostKeyPolicy::AcceptNew:
        return acceptNew(session, node, options);
    case HostKeyPolicy::Ask:
        if (options.prompts.acceptHostKey && options.prompts.acceptHostKey(node.name, node.host, fingerprint))
            return acceptNew(session, node, options);
        return std::unexpected(ssh_errors::hostKeyDeclined(node, fingerprint));
    case HostKeyPolicy::RefuseUnknown:
        break;
    }
    return std::unexpected(ssh_errors::hostKeyUnknown(node, fingerprint));
}

} // namespace mha
