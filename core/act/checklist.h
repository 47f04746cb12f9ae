// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/checks.h"
#include "act/watch.h"

#include <QStringList>

namespace mha {

/// The checks as they are made, over one picture.
class Checklist {
public:
    Checklist(const Picture& picture, const Pair& pair, int from, int to)
        : picture_(picture), pair_(pair), from_(from), to_(to) {}

    QList<Check> take() { return std::move(checks_); }

    void ofTakeover() { takeover_ = true; }

    void reachable();
    void targetSeen();
    void otherNode();
    void nodeProgram();
    void needed();
    void target();
    void facts();
    void holder();
    void writer();
    void activeServing();
    void targetContainer();
    void sameContainer();
    void restartPolicy();
    void targetKeepalived();
    void storage();
    void space();
    void clock();
    bool storageOn(const NodePicture& node);
    void targetStorage();
    void operation();
    void maintenance();
    void lever(const Lever& lever);
    void earlyStart(const Lever& lever);
    void settled();
    bool refused() const;

private:
    const NodePicture& node(int index) const { return picture_.nodes[static_cast<std::size_t>(index)]; }

    QString containerOn(int index) const { return pair_.containerOn(pair_.nodes[static_cast<std::size_t>(index)]); }

    template <typename T>
    void known(QStringList& missing, const NodePicture& node, const Fact<T>& fact, const QString& what);

    void add(const QString& code, CheckResult result, const QString& text) { checks_.append({code, result, text}); }

    void pass(const QString& code, const QString& text) { add(code, CheckResult::Pass, text); }

    void warn(const QString& code, const QString& text) { add(code, CheckResult::Warn, text); }

    void refuse(const QString& code, const QString& text) { add(code, CheckResult::Refuse, text); }

    const Picture& picture_;
    const Pair& pair_;
    int from_;
    int to_;
    bool takeover_ = false;
    QList<Check> checks_;
};

template <typename T>
void Checklist::known(QStringList& missing, const NodePicture& node, const Fact<T>& fact, const QString& what) {
    if (!fact) {
        missing += fact.unknownBecause ? toSentence(*fact.unknownBecause)
                                       : QStringLiteral("%1 of %2 has not been seen yet.").arg(what, node.name);
    } else if (!seenNow(node, fact)) {
        missing += QStringLiteral("%1 of %2 has not been seen since the connection was renewed.").arg(what, node.name);
    } else if (picture_.at - fact.seenAt > kSeenWithin) {
        missing +=
            QStringLiteral("%1 of %2 was last seen %3 ago.").arg(what, node.name, toText(picture_.at - fact.seenAt));
    }
}

} // namespace mha
