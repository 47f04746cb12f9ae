// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace mha {

/// Who acts: "user@desktop", by the account and not by $USER, which is what anyone says it is; behind sudo, who called
/// it.
QString thisOperator();

} // namespace mha
