// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/ssh_auth.h"

#include "link/ssh_errors.h"
#include "link/ssh_host_key.h"

#include <QDir>
#include <QFileInfo>

#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace mha {

namespace {

/// An agent may ask a person to confirm (ssh-add -c), but not for ever.
constexpr std::chrono::seconds kAgentLimit{20};

/// A connected socket to the user's agent; -1 where there is none.
int connectAgent() {
    const QByteArray path = qgetenv("SSH_AUTH_SOCK");
    sockaddr_un address{};
    if (path.isEmpty() || path.size() >= qsizetype(sizeof address.sun_path))
        return -1;
    address.sun_family = AF_UNIX;
    memcpy(address.sun_path, path.constData(), static_cast<size_t>(path.size()));
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    sockaddr_storage storage{};
    memcpy(&storage, &address, sizeof address);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&storage), sizeof address) == 0)
        return fd;
    ::close(fd);
    return -1;
}

/// What libssh's passphrase callback needs, and what it found out.
struct Passphrase {
    std::optional<QString> text;
    std::function<std::optional<QString>()> ask;
    bool wanted = false;
};

int passphraseCallback(const char*, char* buffer, size_t size, int, int, void* data) {
    auto* const passphrase = static_cast<Passphrase*>(data);
    passphrase->wanted = true;
    if (!passphrase->text && passphrase->ask)
        passphrase->text = passphrase->ask();
    if (!passphrase->text)
        return -1;
    const QByteArray bytes = passphrase->text->toUtf8();
    if (static_cast<size_t>(bytes.size()) >= size)
        return -1;
    memcpy(buffer, bytes.constData(), static_cast<size_t>(bytes.size()) + 1);
    return 0;
}

QStringList methodNames(unsigned int methods) {
    QStringList names;
    if ((methods & SSH_AUTH_METHOD_PUBLICKEY) != 0)
        names += QStringLiteral("publickey");
    if ((methods & SSH_AUTH_METHOD_PASSWORD) != 0)
        names += QStringLiteral("password");
    if ((methods & SSH_AUTH_METHOD_INTERACTIVE) != 0)
        names += QStringLiteral("keyboard-interactive");
    if ((methods & SSH_AUTH_METHOD_GSSAPI_MIC) != 0)
        names += QStringLiteral("gssapi-with-mic");
    if ((methods & SSH_AUTH_METHOD_HOSTBASED) != 0)
        names += QStringLiteral("hostbased");
    return names;
}

} // namespace

SshAuth::SshAuth(ssh_session session, const NodeConfig& node, const SshPrompts& prompts, SshSecrets& secrets,
                 CutOff& cutOff)
    : session_(session), node_(node), prompts_(prompts), secrets_(secrets), cutOff_(cutOff) {
    if (!node_.identity.isEmpty()) {
        keyFiles_ = {expandHome(node_.identity)};
        keyNamed_ = true;
        return;
    }
    for (const char* name : {"id_ed25519", "id_ecdsa", "id_rsa"}) {
        const QString file = QDir::homePath() + QStringLiteral("/.ssh/") + QString::fromLatin1(name);
        if (QFileInfo(file).isReadable())
            keyFiles_ += file;
    }
}

SshAuth::~SshAuth() = default;

bool SshAuth::takes(unsigned int method) const {
    return (static_cast<unsigned int>(ssh_userauth_list(session_, nullptr)) & method) != 0;
}

bool SshAuth::isAlive() const {
    return ssh_is_connected(session_) != 0 && (ssh_get_status(session_) & (SSH_CLOSED | SSH_CLOSED_ERROR)) == 0;
}

SshAuth::Step SshAuth::step() {
    while (method_ != Method::Exhausted) {
        switch (tryMethod()) {
        case SSH_AUTH_AGAIN: // also said for ever of a session that the server has ended
            return isAlive() ? Step::Again : broken();
        case SSH_AUTH_SUCCESS:
            cutOff_.closeAgent();
            return Step::Done;
        case SSH_AUTH_PARTIAL: // one of several that the server wants
        case SSH_AUTH_DENIED:
            denied();
            break;
        default:
            return broken();
        }
        if (!isAlive())
            return broken();
    }
    return exhausted();
}

int SshAuth::tryMethod() {
    switch (method_) {
    case Method::None:
        return ssh_userauth_none(session_, nullptr);
    case Method::Agent:
        return takes(SSH_AUTH_METHOD_PUBLICKEY) && !secrets_.skipAgent ? tryAgent() : int(SSH_AUTH_DENIED);
    case Method::Key:
        return takes(SSH_AUTH_METHOD_PUBLICKEY) && !keyFiles_.isEmpty() ? tryKey() : int(SSH_AUTH_DENIED);
    case Method::Password:
        return takes(SSH_AUTH_METHOD_PASSWORD) && askPassword() ? tryPassword() : int(SSH_AUTH_DENIED);
    case Method::KeyboardInteractive:
        return takes(SSH_AUTH_METHOD_INTERACTIVE) && askPassword() ? tryKeyboardInteractive() : int(SSH_AUTH_DENIED);
    case Method::Exhausted:
        break;
    }
    return SSH_AUTH_DENIED;
}

void SshAuth::denied() {
    ++attempts_;
    switch (method_) {
    case Method::None:
        method_ = Method::Agent;
        return;
    case Method::Agent:
        cutOff_.closeAgent();
        method_ = Method::Key;
        return;
    case Method::Key:
        key_.reset();
        if (!keyFiles_.isEmpty())
            keyFiles_.removeFirst();
        if (keyFiles_.isEmpty())
            method_ = Method::Password;
        return;
    case Method::Password:
        method_ = Method::KeyboardInteractive;
        return;
    case Method::KeyboardInteractive:
    case Method::Exhausted:
        method_ = Method::Exhausted;
        return;
    }
}

int SshAuth::tryAgent() {
    if (!agentOpen_) {
        const int fd = connectAgent();
        if (fd < 0)
            return SSH_AUTH_DENIED;
        const int lent = cutOff_.adoptAgent(fd);
        if (lent < 0)
            return SSH_AUTH_DENIED;
        cutOff_.limitAgent(kAgentLimit);
        ssh_set_agent_socket(session_, lent);
        agentOpen_ = true;
        tried_ += QStringLiteral("the keys of the agent");
    }
    return ssh_userauth_agent(session_, nullptr);
}

int SshAuth::tryKey() {
    if (!key_) {
        if (!loadKey(keyFiles_.first()))
            return SSH_AUTH_DENIED;
        tried_ += QStringLiteral("the key %1").arg(keyFiles_.first());
    }
    return ssh_userauth_publickey(session_, nullptr, key_.get());
}

bool SshAuth::loadKey(const QString& file) {
    const auto fail = [this](const Error& error) {
        if (keyNamed_) // of the default keys, one that cannot be used is no fault
            keyProblem_ = error;
        return false;
    };
    const QFileInfo info(file);
    if (!info.exists())
        return fail(ssh_errors::keyFileMissing(node_, file));
    if (info.isDir())
        return fail(ssh_errors::keyFileFolder(node_, file));
    if (!info.isFile() || !info.isReadable())
        return fail(ssh_errors::keyFileUnreadable(node_, file));

    Passphrase passphrase;
    const auto cached = secrets_.passphrases.constFind(file);
    if (cached != secrets_.passphrases.constEnd()) {
        passphrase.text = *cached;
    } else if (prompts_.passphrase) {
        passphrase.ask = [&] { return prompts_.passphrase(node_.name, file); };
    }
    ssh_key raw = nullptr;
    const int rc = ssh_pki_import_privkey_file(QFile::encodeName(file).constData(), nullptr, passphraseCallback,
                                               &passphrase, &raw);
    if (rc == SSH_OK) {
        key_.reset(raw);
        if (passphrase.wanted && passphrase.text)
            secrets_.passphrases.insert(file, *passphrase.text);
        return true;
    }
    secrets_.passphrases.remove(file);
    if (!passphrase.wanted)
        return fail(ssh_errors::keyFileUnusable(node_, file));
    return fail(passphrase.text ? ssh_errors::passphraseWrong(node_, file) : ssh_errors::passphraseNeeded(node_, file));
}

bool SshAuth::askPassword() {
    if (!secrets_.password && prompts_.password)
        secrets_.password = prompts_.password(node_.name, node_.user);
    return secrets_.password.has_value();
}

int SshAuth::tryPassword() {
    if (!tried_.contains(QLatin1String("a password")))
        tried_ += QStringLiteral("a password");
    return ssh_userauth_password(session_, nullptr, secrets_.password->toUtf8().constData());
}

int SshAuth::tryKeyboardInteractive() {
    if (!tried_.contains(QLatin1String("a password")))
        tried_ += QStringLiteral("a password");
    int rc = ssh_userauth_kbdint(session_, nullptr, nullptr);
    while (rc == SSH_AUTH_INFO) {
        const int prompts = ssh_userauth_kbdint_getnprompts(session_);
        const QByteArray answer = secrets_.password->toUtf8();
        for (int i = 0; i < prompts; ++i)
            ssh_userauth_kbdint_setanswer(session_, static_cast<unsigned int>(i), answer.constData());
        rc = ssh_userauth_kbdint(session_, nullptr, nullptr);
    }
    return rc;
}

SshAuth::Step SshAuth::broken() {
    cutOff_.closeAgent();
    const QString detail = QString::fromUtf8(ssh_get_error(session_));
    if (detail.contains(QLatin1String("Too many authentication failures"))) {
        const bool keyWaits = method_ == Method::Agent && keyNamed_;
        secrets_.skipAgent = secrets_.skipAgent || keyWaits;
        refused_ = !keyWaits;
        error_ = ssh_errors::tooManyKeys(node_);
    } else {
        refused_ = false;
        error_ = ssh_errors::handshakeFailed(node_, detail);
    }
    return Step::Failed;
}

SshAuth::Step SshAuth::exhausted() {
    cutOff_.closeAgent();
    secrets_.password.reset();
    refused_ = true;
    error_ = keyProblem_
                 ? *keyProblem_
                 : ssh_errors::notAccepted(
                       node_, methodNames(static_cast<unsigned int>(ssh_userauth_list(session_, nullptr))), tried_);
    return Step::Failed;
}

} // namespace mha
