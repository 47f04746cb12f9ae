// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/picture.h"

#include <algorithm>

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

std::optional<Instant> Picture::outOfSightSince() const {
    const bool seen = std::ranges::any_of(nodes, [](const NodePicture& n) { return n.link.state == LinkState::Up; });
    if (seen || !vipBadSince)
        return std::nullopt;
    return std::max({nodes[0].heardAt, nodes[1].heardAt, vipGoodAt.value_or(Instant{}), watchingSince});
}

} // namespace mha
