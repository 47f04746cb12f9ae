// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/completeness.h"

#include <algorithm>

namespace mha {

namespace {

constexpr unsigned bit(Subject subject) {
    return 1U << static_cast<unsigned>(subject);
}

unsigned settledBy(const Sighting& sighting) {
    struct Visitor {
        unsigned operator()(const VipSeen&) const { return bit(Subject::Vip); }

        unsigned operator()(const VrrpSeen&) const { return bit(Subject::Vrrp); }

        unsigned operator()(const VrrpConfigSeen&) const { return bit(Subject::VrrpConfig); }

        unsigned operator()(const ContainerSeen&) const { return bit(Subject::Container); }

        unsigned operator()(const MilvusSeen&) const { return bit(Subject::Milvus); }

        unsigned operator()(const StorageSeen&) const { return bit(Subject::Storage); }

        unsigned operator()(const ClockSeen&) const { return bit(Subject::Clock); }

        unsigned operator()(const NodeProgramSeen&) const { return bit(Subject::Program); }

        unsigned operator()(const Unseen& unseen) const { return bit(unseen.subject); }

        unsigned operator()(const LinkSeen&) const { return 0; }

        unsigned operator()(const ContainerEventSeen&) const { return 0; }

        unsigned operator()(const VipProbeSeen&) const { return 0; }

        unsigned operator()(const VipFromNodeSeen&) const { return 0; }

        unsigned operator()(const VipNeighbourSeen&) const { return 0; }

        unsigned operator()(const OperationSeen&) const { return 0; }
    };

    return std::visit(Visitor(), sighting);
}

} // namespace

void Completeness::add(const Observation& observation) {
    if (std::holds_alternative<VipProbeSeen>(observation.sighting))
        vipAsked_ = true;
    if (observation.node < 0 || observation.node > 1)
        return;
    Node& node = nodes_[std::size_t(observation.node)];
    if (const auto* const link = std::get_if<LinkSeen>(&observation.sighting))
        node.outOfReach = link->state == LinkState::Down || link->state == LinkState::Refused;
    node.subjects |= settledBy(observation.sighting);
}

bool Completeness::complete() const {
    unsigned all = bit(Subject::Vip) | bit(Subject::Vrrp) | bit(Subject::VrrpConfig) | bit(Subject::Container) |
                   bit(Subject::Milvus) | bit(Subject::Clock) | bit(Subject::Program);
    if (storageWatched_)
        all |= bit(Subject::Storage);
    return vipAsked_ && std::ranges::all_of(nodes_, [all](const Node& node) {
               return node.outOfReach || (node.subjects & all) == all;
           });
}

} // namespace mha
