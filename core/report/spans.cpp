// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/spans.h"

#include <algorithm>

namespace mha {

QList<Span> joined(QList<Span> spans, const Span& whole) {
    std::ranges::sort(spans);
    QList<Span> result;
    for (const Span& span : spans) {
        const Span part{std::max(span.first, whole.first), std::min(span.second, whole.second)};
        if (part.first >= part.second)
            continue;
        if (!result.isEmpty() && part.first <= result.last().second) {
            result.last().second = std::max(result.last().second, part.second);
        } else {
            result.append(part);
        }
    }
    return result;
}

QList<Span> common(const QList<Span>& a, const QList<Span>& b) {
    QList<Span> result;
    for (auto first = a.begin(), second = b.begin(); first != a.end() && second != b.end();) {
        const Span part{std::max(first->first, second->first), std::min(first->second, second->second)};
        if (part.first < part.second)
            result.append(part);
        if (first->second < second->second) {
            ++first;
        } else {
            ++second;
        }
    }
    return result;
}

QList<Span> rest(const QList<Span>& spans, const Span& whole) {
    QList<Span> result;
    Instant from = whole.first;
    for (const Span& span : spans) {
        if (from < span.first)
            result.append({from, span.first});
        from = std::max(from, span.second);
    }
    if (from < whole.second)
        result.append({from, whole.second});
    return result;
}

Duration length(const QList<Span>& spans) {
    Duration sum{};
    for (const Span& span : spans)
        sum += span.second - span.first;
    return sum;
}

} // namespace mha
