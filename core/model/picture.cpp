// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/picture.h"

namespace mha {

QList<int> Picture::holders() const {
    QList<int> result;
    for (int i = 0; i < 2; ++i) {
        const NodePicture& node = nodes[static_cast<std::size_t>(i)];
        if (node.reachable() && node.vip && node.vip->held)
            result.append(i);
    }
    return result;
}

} // namespace mha
