// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/method.h"

#include "report/html_words.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

QString errorFigures(const ReportModel& report) {
    QList<Duration> errors;
    for (const Failover& failover : report.failovers) {
        if (hadOutage(failover))
            errors.append(failover.error);
    }
    if (errors.isEmpty())
        return {};
    std::ranges::sort(errors);
    return u" In this period it was %1 in the median and %2 at worst."_s.arg(errorText(errors[errors.size() / 2]),
                                                                             errorText(errors.last()));
}

} // namespace

QList<QPair<QString, QString>> methodOf(const ReportModel& report) {
    return {
        {u"Recovery time"_s,
         u"milvus-ha asks Milvus through the virtual IP many times a second, as a client would. An outage begins "
         "between the last good answer and the first question that stayed unanswered, or the container's end where "
         "Docker tells it, and ends between the last such question and the next good answer; each time the middle is "
         "taken. A single lost packet is no outage. It is seen from where the recorder "
         "runs: a client elsewhere in the network may have seen a little more or less."_s},
        {u"Error"_s,
         u"The figure behind ± is half of the time within which the outage began and half of that within which it "
         "ended: the true length is within it."_s +
             errorFigures(report)},
        {u"Phases"_s,
         u"Detection: until keepalived gives the virtual IP up, or the loss is known. Election: until the other node "
         u"is "
         "master. Address: until it has the virtual IP. Container: until Milvus is started. Serving: until Milvus "
         "answers. Times of the nodes are converted to the recorder's clock. Where a phase could not be seen, its time "
         "is part of the next."_s},
        {u"Availability"_s,
         u"Time with service, as a share of the time in which a recorder watched or which was rebuilt from the logs of "
         "both nodes; gaps are left out, not guessed. Planned and unplanned outages both count, a moment in two "
         "outages "
         "counts once. An outage that was not seen to end counts for as long as it was watched."_s},
        {u"Error budget"_s, u"What the target of availability allows of the time that was watched; a day that was "
                            "watched by half has half a day's budget."_s},
        {u"Median, worst, RTO"_s,
         u"Over all outages that touch the period, planned ones included, each with its whole length. A move of the "
         "virtual IP that no client noticed has no recovery time and is not among them."_s},
        {u"Reconstructed"_s,
         u"Nobody watched; the times were read afterwards from what the nodes had logged, and are less exact. The time "
         "around them counts towards availability as far as the logs of both nodes reach."_s}};
}

} // namespace mha
