// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/cut_off.h"
#include "link/ssh_link.h"
#include "model/error.h"

#include <QHash>
#include <QStringList>

#include <libssh/libssh.h>

#include <memory>
#include <optional>

namespace mha {

/// What a person typed once for a link, kept in memory for its reconnections; dropped when it proves wrong.
struct SshSecrets {
    QHash<QString, QString> passphrases; ///< by key file
    std::optional<QString> password;
    bool skipAgent = false; ///< its keys used up the server's patience (MaxAuthTries) before the key file's turn
};

/// Signs in on one non-blocking session: asks which methods the server takes, then the agent, the key file (without
/// one the default keys), the password, and the same password by keyboard-interactive. Lives in the link's thread.
class SshAuth {
public:
    enum class Step { Again, Done, Failed };

    SshAuth(ssh_session session, const NodeConfig& node, const SshPrompts& prompts, SshSecrets& secrets,
            CutOff& cutOff);
    ~SshAuth();
    SshAuth(const SshAuth&) = delete;
    SshAuth& operator=(const SshAuth&) = delete;

    /// Goes as far as it can without waiting for the server; may wait for a person (prompts) or for the agent.
    Step step();

    const Error& error() const { return error_; }

    /// False: worth another attempt (the connection broke, or the agent must be left out).
    bool refused() const { return refused_; }

    /// Counts the methods tried; a change means progress.
    int attempts() const { return attempts_; }

private:
    enum class Method { None, Agent, Key, Password, KeyboardInteractive, Exhausted };

    struct KeyDeleter {
        void operator()(ssh_key key) const { ssh_key_free(key); }
    };

    int tryMethod();
    int tryAgent();
    int tryKey();
    int tryPassword();
    int tryKeyboardInteractive();
    bool loadKey(const QString& file);
    bool askPassword();
    void denied();
    Step broken();
    Step exhausted();
    bool takes(unsigned int method) const;
    bool isAlive() const;

    ssh_session session_;
    const NodeConfig& node_;
    const SshPrompts& prompts_;
    SshSecrets& secrets_;
    CutOff& cutOff_;
    Method method_ = Method::None;
    QStringList keyFiles_;
    bool keyNamed_ = false;
    std::unique_ptr<ssh_key_struct, KeyDeleter> key_;
    bool agentOpen_ = false;
    QStringList tried_;
    std::optional<Error> keyProblem_;
    Error error_;
    bool refused_ = true;
    int attempts_ = 0;
};

} // namespace mha
