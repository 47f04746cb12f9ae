// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html_tables.h"

#include "report/html_charts.h"
#include "report/html_words.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

/// How a state is shown: in a colour, with a sign and a word beside it.
struct Look {
    Literal tone;
    Literal sign;
    QString word;
};

Look lookOf(Outcome outcome) {
    switch (outcome) {
    case Outcome::Running:
        return {"plain", "&#8230;", u"Running"_s};
    case Outcome::Done:
        return {"good", "&#10003;", u"Done"_s};
    case Outcome::Refused:
        return {"warn", "&#8856;", u"Refused, nothing was changed"_s};
    case Outcome::RolledBack:
        return {"warn", "&#8634;", u"Rolled back"_s};
    case Outcome::Incomplete:
        return {"bad", "&#33;", u"Incomplete"_s};
    case Outcome::Interrupted:
        return {"bad", "&#33;", u"Interrupted"_s};
    }
    return {"plain", "", {}};
}

Look lookOf(StepState state) {
    switch (state) {
    case StepState::Waiting:
        return {"plain", "&#8211;", u"not begun"_s};
    case StepState::Running:
        return {"plain", "&#8230;", u"running"_s};
    case StepState::Done:
        return {"good", "&#10003;", u"done"_s};
    case StepState::Failed:
        return {"bad", "&#10007;", u"failed"_s};
    case StepState::Undone:
        return {"warn", "&#8634;", u"undone"_s};
    case StepState::Skipped:
        return {"plain", "&#8211;", u"skipped"_s};
    }
    return {"plain", "", {}};
}

Look lookOf(Severity severity) {
    switch (severity) {
    case Severity::Info:
        return {"plain", "&#183;", u"info"_s};
    case Severity::Warning:
        return {"warn", "&#9650;", u"warning"_s};
    case Severity::Error:
        return {"bad", "&#9632;", u"error"_s};
    }
    return {"plain", "", {}};
}

Markup momentCell(Instant at) {
    Markup cell;
    cell.raw("<td class=\"nowrap\" title=\"").text(toIso(at)).raw("\">").text(dayText(at)).raw("<br>");
    return cell.raw("<span class=\"muted\">").text(clockText(at)).raw("</span></td>");
}

Markup phaseCell(const Failover& failover) {
    Markup cell;
    cell.raw("<td class=\"wide\">");
    if (failover.phases.isEmpty() || !hadOutage(failover)) {
        return cell.raw("<span class=\"muted small\">")
            .text(hadOutage(failover) ? u"not known"_s : u"–"_s)
            .raw("</span></td>");
    }
    cell.add(phaseBar(failover)).raw("<ul class=\"parts\">");
    for (const Phase& phase : failover.phases) {
        cell.raw("<li title=\"").text(errorText(phase.error)).raw("\"><svg viewBox=\"0 0 8 8\" aria-hidden=\"true\">");
        cell.raw("<rect class=\"phase")
            .number(qint64{phaseColour(phase.name)})
            .raw("\" width=\"8\" height=\"8\"/></svg>");
        cell.text(phase.name).raw(" <b>").text(lengthText(phase.duration)).raw("</b></li>");
    }
    return cell.raw("</ul></td>");
}

Markup whatCell(const Failover& failover) {
    Markup cell;
    cell.raw("<td><span class=\"badge ").raw(failover.planned() ? Literal("planned") : "").raw("\">");
    cell.text(kindText(failover))
        .text(failover.planned() ? u", planned"_s : QString())
        .raw("</span> <b class=\"nowrap\">");
    cell.text(wayText(failover.from, failover.to)).raw("</b><br>");
    if (!failover.planned()) {
        cell.raw("<span class=\"muted\">").text(triggerWords(failover.trigger)).raw("</span>");
    } else {
        cell.raw("<span class=\"muted\">")
            .text(failover.operatorName.isEmpty() ? u"operator not known"_s : failover.operatorName);
        cell.raw("</span>");
        if (!failover.reason.isEmpty())
            cell.raw("<blockquote>").text(failover.reason).raw("</blockquote>");
    }
    if (failover.source != u"observed"_s)
        cell.raw("<br><span class=\"badge\">").text(failover.source).raw("</span>");
    return cell.raw("</td>");
}

Markup recoveryCell(const Failover& failover, Duration rto) {
    Markup cell;
    cell.raw("<td class=\"num\"><span class=\"recovery\">");
    if (!hadOutage(failover))
        return cell.raw("no outage</span></td>");
    cell.text(lengthText(failover.recovery()))
        .raw("</span><br><span class=\"muted small\">")
        .text(errorText(failover.error));
    cell.raw("</span>");
    if (missedRto(failover, rto))
        cell.raw("<br><span class=\"badge bad\">over RTO</span>");
    return cell.raw("</td>");
}

Markup stepTable(const ActionRecord& action) {
    Markup table;
    table.raw("<table class=\"steps\"><tbody>");
    for (const StepRecord& step : action.steps) {
        const Look look = lookOf(step.state);
        table.raw("<tr><td class=\"state ").raw(look.tone).raw("\">").raw(look.sign).raw(" ").text(look.word);
        table.raw("</td><td>").text(step.name);
        if (!step.detail.isEmpty())
            table.raw("<br><span class=\"muted small\">").text(step.detail).raw("</span>");
        table.raw("</td><td class=\"num muted\">");
        if (step.startedAt && step.endedAt)
            table.text(lengthText(*step.endedAt - *step.startedAt));
        table.raw("</td></tr>");
    }
    return table.raw("</tbody></table>");
}

Markup actionItem(const ActionRecord& action) {
    const Look look = lookOf(action.outcome);
    QString kind = action.kind.isEmpty() ? u"Action"_s : action.kind;
    kind[0] = kind[0].toUpper();
    Markup item;
    item.raw("<div class=\"action\"><header><h3>").text(kind).raw(" ").text(wayText(action.from, action.to));
    item.raw("</h3><span class=\"badge ").raw(look.tone).raw("\">").raw(look.sign).raw(" ").text(look.word);
    item.raw("</span><span class=\"muted\">").text(momentText(action.startedAt)).raw(" UTC, by ");
    item.text(action.owner.isEmpty() ? u"an operator not known"_s : action.owner);
    if (action.endedAt)
        item.text(u", took %1"_s.arg(lengthText(*action.endedAt - action.startedAt)));
    if (action.outage)
        item.text(u"; clients were without an answer for %1"_s.arg(lengthText(*action.outage)));
    item.raw("</span></header>");
    if (!action.reason.isEmpty())
        item.raw("<blockquote>").text(action.reason).raw("</blockquote>");
    if (!action.text.isEmpty())
        item.raw("<p>").text(action.text).raw("</p>");
    return item.add(stepTable(action)).raw("</div>\n");
}

} // namespace

Markup failoverTable(const ReportModel& report) {
    Markup table;
    table.raw(
        "<div class=\"scroll\"><table><thead><tr><th class=\"num\">No.</th><th>Begin (UTC)</th><th>What happened</th>"
        "<th class=\"num\">Recovery</th><th>Phases</th></tr></thead><tbody>\n");
    qint64 number = 0;
    for (const Failover& failover : report.failovers) {
        table.raw("<tr><td class=\"num muted\">").number(++number).raw("</td>").add(momentCell(failover.startedAt));
        table.add(whatCell(failover)).add(recoveryCell(failover, report.rto)).add(phaseCell(failover)).raw("</tr>\n");
    }
    return table.raw("</tbody></table></div>");
}

Markup actionList(const ReportModel& report) {
    Markup list;
    for (const ActionRecord& action : report.actions)
        list.add(actionItem(action));
    return list;
}

Markup gapTable(const ReportModel& report) {
    Markup table;
    table.raw(
        "<table><thead><tr><th>From (UTC)</th><th>Until (UTC)</th><th class=\"num\">Length</th></tr></thead><tbody>\n");
    for (const auto& [from, until] : report.gaps) {
        table.raw("<tr><td>")
            .text(momentText(from))
            .raw("</td><td>")
            .text(momentText(until))
            .raw("</td><td class=\"num\">");
        table.text(lengthText(until - from)).raw("</td></tr>\n");
    }
    return table.raw("</tbody></table>");
}

Markup eventTable(const ReportModel& report) {
    Markup table;
    table.raw(
        "<div class=\"scroll\"><table><thead><tr><th>When (UTC)</th><th>Severity</th><th>Of</th><th>What</th></tr>"
        "</thead><tbody>\n");
    const qsizetype first = std::max<qsizetype>(0, report.events.size() - kMostEvents);
    for (qsizetype i = first; i < report.events.size(); ++i) {
        const Event& event = report.events[i];
        const Look look = lookOf(event.severity);
        table.raw("<tr><td class=\"nowrap\">").text(dayText(event.at)).raw(" ").text(toIso(event.at).mid(11, 12));
        table.raw("</td><td class=\"nowrap state ").raw(look.tone).raw("\">").raw(look.sign).raw(" ").text(look.word);
        table.raw("</td><td class=\"nowrap\">")
            .text(event.node.isEmpty() ? u"the pair"_s : event.node)
            .raw("</td><td>");
        table.text(event.text).raw(" <span class=\"muted small\">").text(event.code).raw("</span></td></tr>\n");
    }
    return table.raw("</tbody></table></div>");
}

} // namespace mha
