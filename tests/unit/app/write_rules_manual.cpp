// SPDX-License-Identifier: GPL-3.0-or-later

// Prints milvus-ha-rules(7): write_rules_manual > resources/man/milvus-ha-rules.7

#include "rules_manual.h"

#include <cstdio>

int main() {
    const QByteArray page = mha::rulesManual().toUtf8();
    return std::fwrite(page.constData(), 1, static_cast<std::size_t>(page.size()), stdout) ==
                   static_cast<std::size_t>(page.size())
               ? 0
               : 1;
}
