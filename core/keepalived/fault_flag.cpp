// SPDX-License-Identifier: GPL-3.0-or-later
#include "keepalived/fault_flag.h"

#include "keepalived/config_places.h"
#include "keepalived/config_view.h"

#include <algorithm>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr const char* kFlagLines = "track_file %1 {\n"
                                   "    # of milvus-ha: `milvus-ha lever remove` takes it away\n"
                                   "    file %2\n"
                                   "    weight 0\n"
                                   "    init_file 0\n"
                                   "}\n";

bool isTrackFile(const ConfigStatement& statement) {
    return statement.keyword() == "track_file"_L1 || statement.keyword() == "vrrp_track_file"_L1;
}

bool definesFlag(const ConfigStatement& statement) {
    return isTrackFile(statement) && statement.argument(1) == kFaultFlagName;
}

/// 1 where nothing is said, as keepalived has it.
int weightOf(const ConfigStatement& entry, int otherwise) {
    const qsizetype own = entry.words.indexOf(u"weight"_s);
    return own >= 0 ? entry.argument(own + 1).toInt() : otherwise;
}

Error unbalanced() {
    return {ErrorCode::Protocol, u"keepalived.conf has a block that is not closed, or closed twice."_s,
            u"keepalived.conf"_s, u"Run `keepalived --config-test` on the node."_s};
}

/// The innermost of what is to go, first found; null: nothing.
const ConfigStatement* firstOfFlag(const QList<ConfigStatement>& statements, bool inInstance) {
    for (const ConfigStatement& statement : statements) {
        if (!inInstance && definesFlag(statement))
            return &statement;
        if (!inInstance && statement.keyword() == "vrrp_instance"_L1) {
            if (const ConfigStatement* inside = firstOfFlag(statement.children, true))
                return inside;
        }
        if (!inInstance || !isTrackFile(statement))
            continue;
        const auto entry = std::ranges::find(statement.children, kFaultFlagName, &ConfigStatement::keyword);
        if (entry != statement.children.end())
            return statement.children.size() == 1 ? &statement : &*entry;
    }
    return nullptr;
}

} // namespace

bool tracksFaultFlag(const QList<ConfigStatement>& statements, const ConfigStatement& instance) {
    const auto defined = std::ranges::find_if(statements, definesFlag);
    if (defined == statements.end())
        return false;
    const ConfigStatement* file = defined->child(u"file");
    if (file == nullptr || file->argument(1) != kFaultFlagPath)
        return false;
    const ConfigStatement* weight = defined->child(u"weight");
    const int common = weight != nullptr ? weight->argument(1).toInt() : 1;
    return std::ranges::any_of(instance.children, [common](const ConfigStatement& block) {
        return isTrackFile(block) && std::ranges::any_of(block.children, [common](const ConfigStatement& entry) {
                   return entry.keyword() == kFaultFlagName && weightOf(entry, common) == 0;
               });
    });
}

Result<QByteArray> withFaultFlag(const QByteArray& text, const QString& vipAddress, const QString& configId) {
    ConfigDocument document(text);
    if (!document.balanced())
        return std::unexpected(unbalanced());
    const QList<ConfigStatement> statements = effectiveStatements(document.statements(), configId);
    const auto instance = std::ranges::find_if(
        statements, [&](const ConfigStatement& statement) { return isInstanceOf(statement, vipAddress); });
    if (instance == statements.end()) {
        return std::unexpected(
            Error{ErrorCode::NotFound,
                  u"No vrrp_instance of this file itself has the VIP %1; included files are not written to."_s.arg(
                      vipAddress),
                  u"keepalived.conf"_s, u"Put the vrrp_instance of the VIP into keepalived.conf."_s});
    }
    if (!instance->repetition.isEmpty() || !instance->block) {
        return std::unexpected(
            Error{ErrorCode::Refused,
                  u"The vrrp_instance of the VIP is written as a repetition (%1)."_s.arg(instance->repetition),
                  u"keepalived.conf"_s, u"Write it out once for the VIP."_s});
    }
    if (tracksFaultFlag(statements, *instance))
        return text;
    const bool defined = std::ranges::any_of(statements, definesFlag);
    // The instance first: what is put in before it would move its spans. keepalived wants a file to be defined above
    // the instance that tracks it.
    const ConfigStatement& place = *instance;
    document.append(&place, "track_file {\n    " + kFaultFlagName.toUtf8() + " weight 0\n}\n");
    if (!defined)
        document.insertBefore(place, QString::fromLatin1(kFlagLines).arg(kFaultFlagName, kFaultFlagPath).toUtf8());
    return document.text();
}

Result<QByteArray> withoutFaultFlag(const QByteArray& text) {
    ConfigDocument document(text);
    if (!document.balanced())
        return std::unexpected(unbalanced());
    while (const ConfigStatement* gone = firstOfFlag(document.statements(), false))
        document.remove(*gone);
    return document.text();
}

} // namespace mha
