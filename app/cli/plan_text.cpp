// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan_text.h"

#include "output.h"

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

struct ResultWord {
    const char* name;
    Shade shade;
};

ResultWord wordOf(CheckResult result) {
    switch (result) {
    case CheckResult::Pass:
        return {"pass", Shade::Good};
    case CheckResult::Warn:
        return {"warn", Shade::Caution};
    case CheckResult::Refuse:
        return {"refuse", Shade::Bad};
    }
    return {"", Shade::Plain};
}

QString nodeName(const Pair& pair, int node) {
    return node == 0 || node == 1 ? pair.nodes[static_cast<std::size_t>(node)].name : QString();
}

QJsonValue textOrNull(const QString& text) {
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

} // namespace

QStringList planText(const Plan& plan, const Pair& pair, bool colours) {
    QStringList lines;
    const QString from = nodeName(pair, plan.from);
    const QString to = nodeName(pair, plan.to);
    lines += u"%1 of %2: %3 -> %4"_s.arg(plan.kind, pair.name, from.isEmpty() ? u"nobody"_s : from,
                                         to.isEmpty() ? u"?"_s : to);
    if (!plan.lever.isEmpty())
        lines += u"  "_s + plan.lever;
    lines += u"Checks:"_s;
    for (const Check& check : plan.checks) {
        const ResultWord word = wordOf(check.result);
        lines += u"  "_s + shaded(QString::fromLatin1(word.name).leftJustified(6), word.shade, colours) + u"  "_s +
                 check.text;
    }
    if (plan.refused())
        return lines;
    lines += u"Steps:"_s;
    int number = 0;
    for (const PlanStep& step : plan.steps) {
        lines += u"  %1. %2 (%3)"_s.arg(QString::number(++number), step.name, step.command);
        lines += u"     "_s + step.effect;
        if (!step.undo.isEmpty())
            lines += u"     Undo: "_s + step.undo;
    }
    return lines;
}

QJsonArray checksJson(const QList<Check>& checks) {
    QJsonArray array;
    for (const Check& check : checks) {
        array.append(QJsonObject{{u"code"_s, check.code},
                                 {u"result"_s, QString::fromLatin1(wordOf(check.result).name)},
                                 {u"text"_s, check.text}});
    }
    return array;
}

QJsonObject planJson(const Plan& plan, const Pair& pair) {
    QJsonArray steps;
    for (const PlanStep& step : plan.steps) {
        steps.append(QJsonObject{{u"name"_s, step.name},
                                 {u"node"_s, textOrNull(nodeName(pair, step.node))},
                                 {u"command"_s, step.command},
                                 {u"effect"_s, step.effect},
                                 {u"undo"_s, textOrNull(step.undo)},
                                 {u"deadline_s"_s, toSeconds(step.deadline)}});
    }
    return {{u"pair"_s, plan.pair},
            {u"dry_run"_s, true},
            {u"outcome"_s, plan.refused() ? QJsonValue(u"refused"_s) : QJsonValue()},
            {u"kind"_s, plan.kind},
            {u"from"_s, textOrNull(nodeName(pair, plan.from))},
            {u"to"_s, textOrNull(nodeName(pair, plan.to))},
            {u"lever"_s, textOrNull(plan.lever)},
            {u"text"_s, textOrNull(plan.refusal())},
            {u"checks"_s, checksJson(plan.checks)},
            {u"steps"_s, steps}};
}

} // namespace mha::cli
