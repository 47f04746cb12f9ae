// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "observe/rules_view.h"

#include <QStringList>

#include <array>

namespace mha {

/// The rules over one picture, a member function a subject; each adds the reasons it finds. Pure, refers to both
/// values.
class Findings {
public:
    Findings(const Picture& picture, const Pair& pair);

    /// Reasons of all rules, worst first.
    QList<Reason> all();

private:
    // Of the pair: rules.cpp.
    void writers();
    void vipOnBoth();
    void service();
    void goodService(const VipProbeSeen& probe);
    void badService(const VipProbeSeen& probe);
    void holderServesNot(int holder, bool badForLong);
    void home();
    void sight();

    // Of one node: rules_node.cpp.
    void link(int node);
    void keepalived(int node);
    void container(int node);
    void storage(int node);
    void storageDiffers();
    void clock(int node);
    void visible(int node);

    void add(const char* code, int node, Instant seenAt, const QString& text);

    const NodeView& view(int node) const { return views_[static_cast<std::size_t>(node)]; }

    const NodePicture& node(int node) const { return picture_.nodes[static_cast<std::size_t>(node)]; }

    const QString& name(int node) const { return this->node(node).name; }

    const QString& containerName(int node) const;
    bool starting() const;
    bool incomplete() const;
    QStringList awaited(int node) const;
    QList<int> holders() const;
    /// "", or " master is out of sight." for each such node.
    QString unseenNodes() const;

    const Picture& picture_;
    const Pair& pair_;
    std::array<NodeView, 2> views_;
    QList<Reason> reasons_;
};

/// The level that the table gives to a code.
VerdictLevel ruleLevel(QStringView code);

} // namespace mha
