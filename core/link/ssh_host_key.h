// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/ssh_link.h"
#include "model/error.h"

#include <libssh/libssh.h>

namespace mha {

/// The server's host key as OpenSSH prints it: "SHA256:…". Empty where there is none yet.
QString hostKeyFingerprint(ssh_session session);

/// Compares the server's host key with known_hosts, asks or writes it as the policy says. A changed key, or one of
/// another type than is known, is refused under every policy. Call after ssh_connect, before any authentication.
Result<void> verifyHostKey(ssh_session session, const NodeConfig& node, const SshOptions& options);

/// The known_hosts file in use.
QString knownHostsFile(const SshOptions& options);

/// "~" and "~/…" as the home folder.
QString expandHome(const QString& path);

} // namespace mha
