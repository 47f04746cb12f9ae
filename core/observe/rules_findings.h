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

    /// Reasons of all rules, worst first; at the end those that make no worse level.
    QList<Reason> all();

private:
    // Of the pair: rules.cpp.
    void writers();
    void vipOnBoth();
    void service();
    void goodService(const VipProbeSeen& probe);
    void badService(const VipProbeSeen& probe);
    void milvusWithoutVip();
    void holderServesNot(int holder, bool badForLong);
    void home();
    void staleArp(); // these two: rules_places.cpp
    void answersForSome();
    void sight();

    // Of one node: rules_node.cpp.
    void link(int node);
    void keepalived(int node);
    void program(int node);
    bool isHeld(int node) const; ///< its program says why it is in FAULT
    void container(int node);
    void storage(int node);
    void space(int node);
    void storageDiffers();
    void clock(int node);
    void visible(int node);

    // Of how the pair is set up: rules_lint.cpp.
    void setup(int node);
    void script(int node, const VrrpConfigSeen& config, const ScriptSeen& script);
    void setups();
    void deadlines();
    void adverts(const VrrpConfigSeen& first, const VrrpConfigSeen& second);
    void takeover(int home, const VrrpConfigSeen& here, const VrrpConfigSeen& there);
    void containersDiffer();
    void restartPolicy(int node);
    void flapping();
    void addConfig(const char* code, int node, const QString& text);
    const VrrpConfigSeen* configOf(int node) const;

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
