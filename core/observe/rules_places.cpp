// SPDX-License-Identifier: GPL-3.0-or-later

// The VIP seen from three places, this computer and both nodes: do all of them reach the one that holds it?

#include "observe/rules_findings.h"

namespace mha {

using namespace Qt::StringLiterals;

void Findings::staleArp() {
    const QList<int> holding = holders();
    if (holding.size() != 1)
        return;
    const int holder = holding.front();
    const NodePicture& there = node(holder);
    const QString& right = there.vip->mac;
    if (right.isEmpty() || picture_.at - there.vip.since < kArpStaleAfter)
        return;
    const auto look = [&](const Fact<VipNeighbourSeen>& fact, int place) {
        const bool since = fact && fact.seenAt - there.vip.since >= kArpStaleAfter;
        if (!since || picture_.at - fact.seenAt > kNeighbourStaleAfter || fact->mac.isEmpty() ||
            fact->mac == right.toLower())
            return;
        const QString who = place < 0 ? u"This computer"_s : name(place);
        const QString on = place < 0 ? u"here"_s : u"on "_s + name(place);
        add("stale-arp", place, fact.seenAt,
            u"%1 takes %2 for the VIP, which %3 holds with %4: what it sends goes astray. Announce the VIP anew on %3 "
            "(arping -U -c 3 -I %5 %6), or forget the entry %7 (ip neigh flush to %6)."_s.arg(
                who, fact->mac, there.name, right, there.vip->interface, pair_.vipAddress(), on));
    };
    look(picture_.vipNeighbour, -1);
    if (view(1 - holder).inSight())
        look(node(1 - holder).vipNeighbour, 1 - holder);
}

void Findings::answersForSome() {
    QStringList reach;
    QStringList reachNot;
    Instant since;
    Instant seen = picture_.at; // of the place that was asked longest ago
    const auto place = [&](const QString& who, bool good, Instant from, Instant at) {
        (good ? reach : reachNot).append(who);
        since = std::max(since, from);
        seen = std::min(seen, at);
    };
    if (picture_.vipProbe && picture_.at - picture_.vipProbe.seenAt <= kProbeStaleAfter)
        place(u"this computer"_s, picture_.vipProbe->good, picture_.vipProbe.since, picture_.at);
    for (const int index : {0, 1}) {
        const Fact<VipFromNodeSeen>& fact = node(index).vipFromHere;
        if (view(index).now(fact) != nullptr)
            place(name(index), fact->good, fact.since, fact.seenAt);
    }
    if (reach.isEmpty() || reachNot.isEmpty() || seen - since < kForSomeAfter)
        return;
    add("vip-answers-for-some", -1, since,
        u"Milvus answers through the VIP %1 for %2, but not for %3. Compare what they have for it (ip neigh show to "
        "%4), then look at the network and the firewalls between."_s.arg(
            picture_.vip, reach.join(u" and "_s), reachNot.join(u" and "_s), pair_.vipAddress()));
}

} // namespace mha
