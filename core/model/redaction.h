// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace mha {

/// The text with what looks like a secret replaced by "***": the value after auth_pass, password, token and the like,
/// the password in a URL, an HTTP authorization, a private key. A net below the rule that no secret is ever stored:
/// operators paste into reasons, and programs log what they should not. Pure.
QString redacted(const QString& text);

} // namespace mha
