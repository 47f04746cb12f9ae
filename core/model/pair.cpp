// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/pair.h"

namespace mha {

int Pair::indexOf(QStringView node) const {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i].name == node)
            return static_cast<int>(i);
    }
    return -1;
}

} // namespace mha
